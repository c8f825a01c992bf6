// Several threads on one address map; some leave their transactions to be carried out by others.

import Synchronization
import TestSupport
import Testing

@testable import AddressSpace

/// One thread: its slots, its allocation, and what the pages of it must be.
private struct Worker {
    let test: TestMap
    let thread: UInt
    var generator: SeededGenerator
    var turn: UInt = 0
    var allocation: PageRange?
    var states: [PageState] = []

    /// As `publish`, but every third time without carrying anything out.
    private func publish(
        _ journal: Journal, in slot: OperationSlot, at moment: Sequencer.Moment
    ) -> Bool {
        if turn % 3 != 0 || journal.count == 0 {
            return test.sequencer.publish(journal, in: slot, at: moment)
        }
        slot.setPublishedCount(journal.count)
        let published = UInt64(moment.next) << 32 | UInt64(slot.index) << 1 | 1
        return unsafe test.storage.head.pointee.compareExchange(
            expected: UInt64(moment.next &- 1) << 32, desired: published,
            ordering: .acquiringAndReleasing
        ).exchanged
    }

    private mutating func transact<Result>(_ draft: (inout Journal) -> Result) -> Result {
        turn += 1
        let slot = test.storage.slots[thread * 8 + turn % 8]
        while true {
            let moment = test.sequencer.settle()
            var journal = unsafe Journal(entries: slot.entries, transaction: moment.next)
            let result = draft(&journal)
            if publish(journal, in: slot, at: moment) { return result }
        }
    }

    private mutating func reserve() {
        let map = test.map
        let placing = PlacementRequest(pageCount: UInt.random(in: 1...200, using: &generator))
        let attributes = AllocationAttributes(
            initialProtection: PageProtection(.readWrite), placement: .arena)
        allocation = transact { journal in
            guard let range = map.gap(for: placing) else { return nil }
            map.reserve(range, attributes, as: .reserved, in: .available, &journal)
            return range
        }
        states = Array(repeating: .reserved, count: Int(allocation?.pageCount ?? 0))
    }

    private mutating func setState(of allocation: PageRange) {
        let map = test.map
        let start = UInt.random(in: 0..<allocation.pageCount, using: &generator)
        let end = UInt.random(in: start + 1...allocation.pageCount, using: &generator)
        let state: PageState = [.reserved, .committed(.readWrite), .committed(.readOnly)]
            .randomElement(using: &generator)!
        let committed = states[Int(start)..<Int(end)].count { $0.isCommitted }
        let added = state.isCommitted ? end - start : 0
        let range = PageRange(from: allocation.start + start, to: allocation.start + end)
        try! map.charge.add(added, limit: .max)
        let reached = transact { map.setState(state, of: range, &$0) }
        map.charge.remove(UInt(committed))
        // 200 pages are fewer words than a journal has room for.
        precondition(reached == range.end)
        for page in start..<end { states[Int(page)] = state }
    }

    private mutating func release(_ allocation: PageRange) {
        let map = test.map
        let committed = UInt(states.count { $0.isCommitted })
        transact { journal in
            _ = map.setState(.reserved, of: allocation, &journal)
            map.setFree(allocation, to: .available, &journal)
        }
        map.charge.remove(committed)
        self.allocation = nil
    }

    /// False if the map says anything else of the allocation than what was done to it.
    private func isAsExpected(_ allocation: PageRange) -> Bool {
        let page = allocation.start + UInt(states.indices.randomElement() ?? 0)
        while true {
            let moment = test.sequencer.settle()
            let found = (test.map.state(of: page), test.map.allocation(containing: page)?.range)
            if test.sequencer.isStill(moment) {
                return found.0 == states[Int(page - allocation.start)] && found.1 == allocation
            }
        }
    }

    /// - Returns: How often the map was wrong.
    mutating func work(_ turnCount: Int) -> Int {
        var faultCount = 0
        for _ in 0..<turnCount {
            guard let allocation else {
                reserve()
                continue
            }
            if !isAsExpected(allocation) { faultCount += 1 }
            if Int.random(in: 0..<8, using: &generator) == 0 {
                release(allocation)
            } else {
                setState(of: allocation)
            }
        }
        return faultCount
    }
}

@Suite("Address map, several threads")
struct AddressMapConcurrencyTests {
    private final class Tally: Sendable {
        let faultCount = Atomic(0)
    }

    @Test(
        "every thread finds its own changes, and the invariants hold at the end",
        arguments: 1...6 as ClosedRange<UInt64>)
    func workers(seed: UInt64) {
        let line: UInt = 1 << 21
        let test = TestMap(tablesOf: [line - 1, line])
        test.openArena(pages(line - 512..<line + 1024))
        let tally = Tally()
        onThreads(4) { thread in
            var worker = Worker(
                test: test, thread: UInt(thread),
                generator: SeededGenerator(seed: seed * 10 + UInt64(thread)))
            tally.faultCount.add(worker.work(1500), ordering: .relaxed)
        }
        _ = test.sequencer.settle()
        let faultCount = tally.faultCount.load(ordering: .relaxed)
        #expect(faultCount == 0, "seed \(seed)")
        #expect(test.map.brokenInvariant() == nil, "seed \(seed)")
    }
}
