// Slots for running operations.

import TestSupport
import Testing

@testable import AddressSpace

@Suite("Operation slots")
struct OperationSlotsTests {
    private let shared = TestSequencer()
    private var slots: OperationSlots { shared.slots }

    @Test("a slot that is taken belongs to its thread until it is given back")
    func taking() throws {
        let slot = try #require(slots.take(for: 77, at: 0))
        #expect(slot.owner == 77)
        slot.giveBack()
        #expect(slot.owner == 0)
    }

    @Test("every slot can be taken once, then none until one is given back")
    func exhaustion() throws {
        var taken = Set<UInt>()
        for thread in 1...UInt32(OperationSlots.count) {
            taken.insert(try #require(slots.take(for: thread, at: 0)).index)
        }
        #expect(taken == Set(0..<OperationSlots.count))
        #expect(slots.take(for: 999, at: 0)?.index == nil)
        slots[40].giveBack()
        #expect(slots.take(for: 999, at: 0)?.index == 40)
    }

    @Test("one thread may hold several slots")
    func nesting() throws {
        let outer = try #require(slots.take(for: 5, at: 0))
        let inner = try #require(slots.take(for: 5, at: 0))
        #expect(outer.index != inner.index)
        #expect(outer.owner == inner.owner)
    }

    @Test("a slot that is passed on belongs to the other thread")
    func passingOn() throws {
        let slot = try #require(slots.take(for: 5, at: 0))
        slot.passOn(to: 6)
        #expect(slot.owner == 6)
    }

    @Test("a claim is the range that was set last; an invalid range is no claim")
    func claims() {
        let slot = slots[9]
        #expect(slot.claim == nil)
        slot.setClaim(pages(10..<20))
        #expect(slot.claim == pages(10..<20))
    }

    @Test("a pending charge is taken once", arguments: [5, -5, 0])
    func pendingCharge(pages: Int) {
        let slot = slots[9]
        slot.pendingCharge = pages
        #expect(slot.takePendingCharge() == pages)
        #expect(slot.takePendingCharge() == 0 && slot.pendingCharge == 0)
    }

    @Test("slots share no word")
    func disjoint() {
        for slot in [slots[0], slots[1], slots[127]] { slot.setPublishedCount(slot.index + 1) }
        slots[0].setClaim(pages(1..<2))
        let entries = unsafe slots[0].entries + Int(Journal.capacity * 3)
        unsafe entries[-1].store(.max, ordering: .relaxed)
        #expect(slots[1].owner == 0)
        #expect(slots[0].publishedCount == 1)
        #expect(slots[1].publishedCount == 2)
        #expect(slots[127].publishedCount == 128)
    }
}
