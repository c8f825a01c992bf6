// Which pages are being changed just now.

import Testing

@testable import AddressSpace

@Suite("Claims")
struct ClaimTableTests {
    private let test = TestMap()
    private var claims: ClaimTable { test.map.claims }

    private func publish(_ range: Range<UInt>, by thread: UInt32) throws -> OperationSlot {
        let slot = try #require(test.storage.slots.take(for: thread))
        test.transact { claims.publish(pages(range), by: slot, &$0) }
        return slot
    }

    @Test(
        "a claim stands in the way of the ranges that overlap it",
        arguments: [
            (9..<11, true), (19..<25, true), (0..<100, true), (0..<10, false), (20..<21, false),
        ]
            as [(Range<UInt>, Bool)])
    func conflict(range: Range<UInt>, expected: Bool) throws {
        _ = try publish(10..<20, by: 5)
        let conflict = claims.conflict(with: pages(range), for: 6)
        #expect(conflict == (expected ? .otherThread : nil))
    }

    @Test("a claim of the thread itself is told from another's")
    func ownThread() throws {
        _ = try publish(10..<20, by: 5)
        #expect(claims.conflict(with: pages(10..<11), for: 5) == .ownThread)
    }

    @Test("a claim withdrawn stands in nobody's way")
    func withdraw() throws {
        let slot = try publish(10..<20, by: 5)
        test.transact { claims.withdraw(slot, &$0) }
        #expect(claims.conflict(with: pages(10..<20), for: 6) == nil)
    }

    @Test("a claim that was only drafted stands in nobody's way")
    func draft() throws {
        let slot = try #require(test.storage.slots.take(for: 5))
        let moment = test.sequencer.settle()
        var journal = unsafe Journal(entries: slot.entries, transaction: moment.next)
        claims.publish(pages(10..<20), by: slot, &journal)
        #expect(claims.conflict(with: pages(10..<20), for: 6) == nil)
    }

    @Test("as many claims as there are slots can stand side by side")
    func allSlots() throws {
        for index in 0..<OperationSlots.count {
            _ = try publish(index * 10..<index * 10 + 5, by: UInt32(index + 1))
        }
        for index in 0..<OperationSlots.count {
            #expect(
                claims.conflict(with: pages(index * 10..<index * 10 + 1), for: 999) == .otherThread)
            #expect(claims.conflict(with: pages(index * 10 + 5..<index * 10 + 10), for: 999) == nil)
        }
    }

    @Test("in a fork child the claims of the other threads end, one's own do not")
    func withdrawAll() throws {
        _ = try publish(10..<20, by: 5)
        _ = try publish(30..<40, by: 6)
        test.transact { claims.withdrawAll(exceptOf: 5, &$0) }
        #expect(claims.conflict(with: pages(10..<20), for: 7) == .otherThread)
        #expect(claims.conflict(with: pages(30..<40), for: 7) == nil)
    }
}
