// Memory of the tables goes back while others are at work in the same blocks.

import AddressSpace
import Synchronization
import TestSupport
import Testing

@testable import MemoryManager

/// One thread's reservations, large and small, so that blocks are used and empty by turns.
private struct Tenant {
    let memory: TestMemory
    var generator: SeededGenerator
    var ranges: [PageRange] = []
    var faultCount = 0

    private mutating func reserve() throws {
        let isLarge = Bool.random(using: &generator)
        let most = isLarge ? 3 * PageTableLayout.blockPageCount : 40
        ranges.append(try memory.reserve(UInt.random(in: 1...most, using: &generator)))
    }

    /// A page of it is committed, written, and decommitted again.
    private mutating func use(_ range: PageRange) throws {
        let page = UInt.random(in: range.start..<range.end, using: &generator)
        let part = PageRange(from: page, to: page + 1)
        try memory.commit(part)
        if Contents.at(page) != 0 || memory.state(page) != .committed(.readWrite) {
            faultCount += 1
        }
        Contents.set(UInt64(page), at: page)
        try memory.manager.decommit(part)
        let region = try memory.manager.region(at: part.base)
        if region.state != .reserved { faultCount += 1 }
    }

    mutating func work(_ turnCount: Int) throws {
        for _ in 0..<turnCount {
            if ranges.count < 4 { try reserve() }
            let index = ranges.indices.randomElement(using: &generator)!
            try use(ranges[index])
            if Bool.random(using: &generator) { try memory.release(ranges.remove(at: index)) }
        }
    }

    mutating func leave() throws {
        for range in ranges { try memory.release(range) }
        ranges = []
    }
}

@Suite("Memory of the tables, several threads")
struct TablesConcurrencyTests {
    private final class Tally: Sendable {
        let faultCount = Atomic(0)
        let errorCount = Atomic(0)
        let runningCount = Atomic(3)
        let returnCount = Atomic(0)
    }

    private static func tidy(_ memory: TestMemory, _ page: UInt) {
        for table in 0..<3 as Range<UInt> {
            memory.map.memory.mark(tableOf: page + table * PageTableLayout.pageCount)
        }
        memory.manager.tidyMarkedTables()
    }

    private static func keepTidy(_ memory: TestMemory, _ page: UInt, _ tally: Tally) {
        while tally.runningCount.load(ordering: .relaxed) > 0 {
            let before = memory.map.memory.pageCount
            tidy(memory, page)
            if memory.map.memory.pageCount < before {
                tally.returnCount.add(1, ordering: .relaxed)
            }
        }
    }

    @Test(
        "blocks that are used while table memory is given back lose nothing",
        arguments: seeds(6, watched: 2))
    func usedAgain(seed: UInt64) throws {
        let memory = TestMemory(.guarded)
        let arena = try memory.reserve(1).start
        let tally = Tally()
        onThreads(4) { index in
            if index == 3 { return Self.keepTidy(memory, arena, tally) }
            var tenant = Tenant(
                memory: memory, generator: SeededGenerator(seed: seed * 10 + UInt64(index)))
            do {
                try tenant.work(400)
                try tenant.leave()
            } catch {
                tally.errorCount.add(1, ordering: .relaxed)
            }
            tally.faultCount.add(tenant.faultCount, ordering: .relaxed)
            tally.runningCount.subtract(1, ordering: .relaxed)
        }
        #expect(tally.errorCount.load(ordering: .relaxed) == 0)
        #expect(tally.faultCount.load(ordering: .relaxed) == 0)
        #expect(tally.returnCount.load(ordering: .relaxed) > 0, "memory did go back")
        #expect(memory.map.charge.pageCount == 0)
        #expect(memory.map.brokenInvariant() == nil)
        Self.tidy(memory, arena)
        // The estimate keeps what a draft added to it just before its table went, and how often that
        // happens is the scheduler's affair; but it is no more than the tables in use could take.
        #expect(memory.map.memory.pageCount <= 3 * PageTableLayout.blockCount * (5 + 32))
        let firstTable = arena & ~(PageTableLayout.pageCount - 1)
        for table in 0..<3 as Range<UInt> {
            let start = firstTable + table * PageTableLayout.pageCount
            #expect(memory.map.firstIdle(inTableFrom: start) == nil, "all that is idle is gone")
        }
    }
}
