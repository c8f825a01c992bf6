// Several threads at work on the same allocation, page by page.

import AddressSpace
import Synchronization
import TestSupport
import Testing

@testable import MemoryManager

/// One thread's share of an allocation: every page whose number leaves its own remainder.
private struct Share {
    let memory: TestMemory
    let pages: [UInt]
    let thread: UInt64
    var generator: SeededGenerator
    var values: [UInt: UInt64] = [:]
    var faultCount = 0

    private mutating func turn() throws {
        let page = pages.randomElement(using: &generator)!
        let range = PageRange(from: page, to: page + 1)
        guard let value = values[page] else {
            try memory.commit(range)
            if Contents.at(page) != 0 { faultCount += 1 }
            values[page] = 0
            return
        }
        if Contents.at(page) != value { faultCount += 1 }
        switch Int.random(in: 0..<6, using: &generator) {
        case 0, 1:
            try memory.manager.decommit(range)
            values[page] = nil
        case 2:
            let old = try memory.manager.protect(range, .readOnly, .off)
            if old != PageProtection(.readWrite) || Contents.at(page) != value { faultCount += 1 }
            _ = try memory.manager.protect(range, .readWrite, .off)
        case 3:
            let region = try memory.manager.region(at: range.base)
            if region.state != .committed(PageProtection(.readWrite)) { faultCount += 1 }
        case 4:
            try memory.commit(range)
        default:
            let written = thread << 48 | UInt64.random(in: 0..<1 << 40, using: &generator)
            Contents.set(written, at: page)
            values[page] = written
        }
    }

    /// An allocation of the thread's own now and then.
    private mutating func allocate() throws {
        let own = try memory.reserve(UInt.random(in: 1...40, using: &generator), .atOnce)
        if Contents.at(own.end - 1) != 0 { faultCount += 1 }
        Contents.set(thread, at: own.end - 1)
        try memory.release(own)
    }

    mutating func work(_ turnCount: Int) throws {
        for number in 0..<turnCount {
            try turn()
            if number % 10 == 0 { try allocate() }
        }
    }

    func isAsExpected() -> Bool {
        pages.allSatisfy { page in
            guard let value = values[page] else { return memory.state(page) == .reserved }
            return memory.state(page) == .committed(.readWrite) && Contents.at(page) == value
        }
    }
}

@Suite("Several threads")
struct ConcurrencyTests {
    private static let threadCount = 4

    private final class Tally: Sendable {
        let faultCount = Atomic(0)
        let errorCount = Atomic(0)
        let committedCount = Atomic(0)
    }

    @Test(
        "threads that share granules never change each other's pages",
        arguments: BackingKind.allCases,
        1...3 as ClosedRange<UInt64>)
    func sharedGranules(backing: BackingKind, seed: UInt64) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(96)
        let tally = Tally()
        onThreads(Self.threadCount) { thread in
            var share = Share(
                memory: memory,
                pages: (range.start..<range.end).filter {
                    $0 % UInt(Self.threadCount) == UInt(thread)
                },
                thread: UInt64(thread) + 1,
                generator: SeededGenerator(seed: seed * 100 + UInt64(thread)))
            do { try share.work(400) } catch { tally.errorCount.add(1, ordering: .relaxed) }
            if !share.isAsExpected() { share.faultCount += 1 }
            tally.faultCount.add(share.faultCount, ordering: .relaxed)
            tally.committedCount.add(share.values.count, ordering: .relaxed)
        }
        #expect(tally.errorCount.load(ordering: .relaxed) == 0, "seed \(seed)")
        #expect(tally.faultCount.load(ordering: .relaxed) == 0, "seed \(seed)")
        #expect(Int(memory.map.charge.pageCount) == tally.committedCount.load(ordering: .relaxed))
        #expect(memory.map.brokenInvariant() == nil, "seed \(seed)")
        #expect((0..<OperationSlots.count).allSatisfy { memory.storage.slots[$0].owner == 0 })
    }

    @Test(
        "concurrent locks and protections keep each other's states",
        arguments: BackingKind.allCases)
    func locksAndProtections(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(4, .atOnce)
        let (locked, changed) = (part(0..<2, of: range), part(2..<4, of: range))
        let tally = Tally()
        onThreads(2) { thread in
            do {
                for number in 0..<1500 {
                    if thread == 0 {
                        try memory.manager.lock(locked)
                        try memory.manager.unlock(locked)
                    } else {
                        let access: Protection = number % 2 == 0 ? .readOnly : .readWrite
                        _ = try memory.manager.protect(changed, access, .off)
                    }
                }
            } catch { tally.errorCount.add(1, ordering: .relaxed) }
        }
        #expect(tally.errorCount.load(ordering: .relaxed) == 0)
        #expect(memory.state(locked.start) == .committed(.readWrite))
        #expect(memory.state(changed.start) == .committed(.readWrite))
        #expect(memory.map.brokenInvariant() == nil)
    }

    // Source: behaviour 2.10.
    @Test("a query never sees a partial change", arguments: BackingKind.allCases)
    func queries(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(64, .atOnce)
        let isDone = Tally()
        onThreads(2) { thread in
            if thread == 0 {
                for number in 0..<1000 {
                    let access: Protection = number % 2 == 0 ? .readOnly : .readWrite
                    _ = try? memory.manager.protect(range, access, .off)
                }
                return isDone.errorCount.store(1, ordering: .releasing)
            }
            while isDone.errorCount.load(ordering: .acquiring) == 0 {
                guard let region = try? memory.manager.region(at: range.base) else { continue }
                if region.byteCount != range.byteCount {
                    isDone.faultCount.add(1, ordering: .relaxed)
                }
            }
        }
        #expect(isDone.faultCount.load(ordering: .relaxed) == 0)
    }

    @Test("more threads than there are operation slots wait for the same pages and get them")
    func manyThreads() throws {
        let memory = TestMemory(.guarded)
        let range = try memory.reserve(2)
        let tally = Tally()
        onThreads(Int(OperationSlots.count) + 22) { _ in
            for _ in 0..<5 {
                do { try memory.commit(range) } catch {
                    tally.errorCount.add(1, ordering: .relaxed)
                }
                try? memory.manager.decommit(range)
            }
        }
        let errorCount = tally.errorCount.load(ordering: .relaxed)
        #expect(errorCount == 0)
        #expect(memory.map.charge.pageCount == 0)
        #expect(memory.map.brokenInvariant() == nil)
    }

    @Test("threads that reserve at once never get the same pages", arguments: BackingKind.allCases)
    func reserving(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        onThreads(Self.threadCount) { thread in
            var generator = SeededGenerator(seed: UInt64(thread))
            for _ in 0..<200 {
                _ = try? memory.reserve(UInt.random(in: 1...40, using: &generator))
            }
        }
        let reserved = memory.extents.filter { $0.state == .reserved }
        #expect(reserved.count == Self.threadCount * 200)
        #expect(memory.map.brokenInvariant() == nil)
    }
}
