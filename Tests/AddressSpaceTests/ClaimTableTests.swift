// Which pages are being changed just now.

import TestSupport
import Testing

@testable import AddressSpace

@Suite("Claims")
struct ClaimTableTests {
    private let test = TestMap()
    private var claims: ClaimTable { test.map.claims }

    private func publish(_ range: Range<UInt>, by thread: UInt32) throws -> OperationSlot {
        let slot = try #require(test.storage.slots.take(for: thread, at: 0))
        slot.setClaim(pages(range))
        claims.announce(slot)
        return slot
    }

    @Test(
        "a claim conflicts with exactly the ranges that overlap it",
        arguments: [
            (9..<11, true), (19..<25, true), (0..<100, true), (0..<10, false), (20..<21, false),
        ]
            as [(Range<UInt>, Bool)])
    func conflict(range: Range<UInt>, expected: Bool) throws {
        _ = try publish(10..<20, by: 5)
        let conflict = claims.conflict(with: pages(range), for: 6)
        #expect(conflict?.holder == (expected ? .otherThread : nil))
        #expect(conflict?.range == (expected ? pages(10..<20) : nil))
    }

    @Test("a thread's own claim is distinguished from another's")
    func ownThread() throws {
        _ = try publish(10..<20, by: 5)
        #expect(claims.conflict(with: pages(10..<11), for: 5)?.holder == .ownThread)
    }

    @Test("the claim at a page is returned with its holder; a claim of everything does not count")
    func work() throws {
        _ = try publish(10..<20, by: 5)
        let everything = try publish(0..<Page.endOfMap, by: 7)
        #expect(claims.work(at: 19, for: 6)?.holder == .otherThread)
        #expect(claims.work(at: 10, for: 5)?.holder == .ownThread)
        #expect(claims.work(at: 10, for: 5)?.range == pages(10..<20))
        #expect(claims.work(at: 20, for: 6) == nil)
        claims.withdraw(everything)
        #expect(claims.work(at: 9, for: 6) == nil)
    }

    @Test("a withdrawn claim conflicts with none")
    func withdraw() throws {
        let slot = try publish(10..<20, by: 5)
        claims.withdraw(slot)
        #expect(claims.conflict(with: pages(10..<20), for: 6) == nil)
    }

    @Test("a claim that was not announced conflicts with none")
    func draft() throws {
        let slot = try #require(test.storage.slots.take(for: 5, at: 0))
        slot.setClaim(pages(10..<20))
        #expect(claims.conflict(with: pages(10..<20), for: 6) == nil)
        #expect(!claims.isAnnounced(slot.index))
    }

    @Test(
        "several claims are distinguished from one, whatever their slots",
        arguments: [
            ([], false), ([0], false), ([127], false), ([3, 9], true), ([64, 127], true),
            ([5, 70], true),
        ]
            as [([UInt32], Bool)])
    func several(slots: [UInt32], expected: Bool) throws {
        for slot in slots {
            _ = try publish(
                UInt(slot) * 10..<UInt(slot) * 10 + 5, by: UInt32(OperationSlots.count) + slot)
        }
        #expect(claims.areSeveralAnnounced == expected)
    }

    @Test("an operation that searched before an announcement cannot publish once the claim holds")
    func order() throws {
        let early = test.sequencer.settle()
        _ = try publish(10..<20, by: 5)
        #expect(test.sequencer.advance(from: early))
        let other = try #require(test.storage.slots.take(for: 6, at: 0))
        var journal = unsafe Journal(entries: other.entries, transaction: early.next)
        test.map.setFree(pages(10..<20), to: .available, &journal)
        #expect(!test.sequencer.publish(journal, in: other, at: early))
        #expect(test.map.state(of: 10) == .unowned)
    }

    @Test("every slot can have a claim at the same time")
    func allSlots() throws {
        for index in 0..<OperationSlots.count {
            _ = try publish(index * 10..<index * 10 + 5, by: UInt32(index + 1))
        }
        for index in 0..<OperationSlots.count {
            #expect(
                claims.conflict(with: pages(index * 10..<index * 10 + 1), for: 999)?.slot
                    == (index + 1) % OperationSlots.count)
            #expect(claims.conflict(with: pages(index * 10 + 5..<index * 10 + 10), for: 999) == nil)
        }
    }
}
