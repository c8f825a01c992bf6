// Large blocks that come and go whole, on both backings.

import AddressSpace
import LinuxKernel
import TestSupport
import Testing

@testable import MemoryManager

@Suite("Place cache, large blocks")
struct LargePlaceCacheTests {
    private static let cases: [(BackingKind, UInt)] = [
        (.guarded, 80), (.guarded, 512), (.guarded, 4096), (.guarded, 65), (.guarded, 97),
        (.guarded, 257), (.mapped, 33), (.mapped, 512),
    ]

    private func take(_ pageCount: UInt, _ memory: TestMemory) throws -> PageRange {
        let range = try memory.reserve(pageCount, .atOnce)
        for page in [range.start, range.end - 1] {
            #expect(Contents.at(page) == 0)
            Contents.set(0xA5, at: page)
        }
        return range
    }

    private func expectSound(_ memory: TestMemory, charged: UInt) {
        #expect(memory.map.charge.pageCount == charged)
        #expect(memory.map.brokenInvariant() == nil)
        #expect(memory.claimCount == 0)
    }

    // Source: behaviour 2.7, 4.18.
    @Test("a released block is free and not charged; the next one is zero", arguments: cases)
    func again(backing: BackingKind, pageCount: UInt) throws {
        let memory = TestMemory(backing)
        let range = try take(pageCount, memory)
        for _ in 0..<5 {
            try memory.release(range)
            #expect(memory.state(range.start) == .unowned)
            #expect(Access.to(range.start) == .none)
            expectSound(memory, charged: 0)
            // Another test may have been there just now.
            guard try take(pageCount, memory) == range else { return }
            #expect(Access.to(range.end - 1) == .write)
            #expect(Access.to(range.end) == .none)
            expectSound(memory, charged: pageCount)
        }
    }

    // Source: behaviour 2.8, 4.3, 7.1.
    @Test("a block in a vacated place behaves like any other", arguments: cases)
    func alike(backing: BackingKind, pageCount: UInt) throws {
        let memory = TestMemory(backing)
        try memory.release(try take(pageCount, memory))
        let range = try take(pageCount, memory)
        let middle = part(5..<20, of: range)
        try memory.manager.decommit(middle)
        #expect(Access.to(middle).allSatisfy { $0 == .none })
        _ = try memory.manager.protect(part(20..<30, of: range), .readOnly, .off)
        #expect(Access.to(range.start + 20) == .read)
        try memory.commit(part(6..<7, of: range))
        #expect(Contents.at(range.start + 6) == 0)
        #expect(Contents.at(range.start) == 0xA5)
        try memory.release(range)
        // It was not whole, so its place was not vacated.
        #expect(memory.state(range.start) == .available)
        #expect(Access.to(range).allSatisfy { $0 == .none })
        expectSound(memory, charged: 0)
    }

    // Source: behaviour 3.35.
    @Test(
        "a vacated place can be reserved by its address, and used page by page", arguments: cases)
    func fixed(backing: BackingKind, pageCount: UInt) throws {
        let memory = TestMemory(backing)
        let range = try take(pageCount, memory)
        try memory.release(range)
        do throws(MemoryError) {
            try memory.manager.reserve(range, PageProtection(.readWrite), .later)
        } catch .rangeConflicts { return }
        #expect(Access.to(range).allSatisfy { $0 == .none })
        let middle = part(7..<25, of: range)
        try memory.commit(middle)
        for page in range.start..<range.end {
            let isCommitted = page >= middle.start && page < middle.end
            #expect(Access.to(page) == (isCommitted ? .write : .none))
        }
        #expect(try !take(pageCount, memory).overlaps(range))
        try memory.release(range)
        expectSound(memory, charged: pageCount)
    }

    @Test("a range that covers a part of a vacated place can be reserved", arguments: cases)
    func annexed(backing: BackingKind, pageCount: UInt) throws {
        let memory = TestMemory(backing)
        let range = try take(pageCount, memory)
        try memory.release(range)
        let wide = PageRange(from: range.start + 16, to: range.end + 64)
        do throws(MemoryError) {
            try memory.manager.reserve(wide, PageProtection(.readWrite), .atOnce)
        } catch .rangeConflicts { return }
        #expect(Access.to(wide).allSatisfy { $0 == .write })
        #expect(Access.to(range.start) == .none)
        #expect(try !take(pageCount, memory).overlaps(wide))
        try memory.release(wide)
        #expect(Access.to(wide).allSatisfy { $0 == .none })
        expectSound(memory, charged: pageCount)
    }

    @Test("blocks that are not plain keep their places in the arena")
    func others() throws {
        let memory = TestMemory(.guarded)
        let readOnly = try take(96, memory)
        _ = try memory.manager.protect(readOnly, .readOnly, .off)
        let reset = try take(96, memory)
        try memory.manager.reset(reset, whole: reset)
        for range in [readOnly, reset] {
            try memory.release(range)
            #expect(memory.state(range.start) == .available)
        }
        expectSound(memory, charged: 0)
    }

    @Test("a block that was committed after it was reserved keeps its place", arguments: cases)
    func committedLater(backing: BackingKind, pageCount: UInt) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(pageCount)
        try memory.commit(range)
        try memory.release(range)
        #expect(memory.state(range.start) == .available)
        expectSound(memory, charged: 0)
    }

    @Test(
        "the rest of the last granule is unmapped with the block, and returns to the arena with it")
    func restOfGranule() throws {
        let memory = TestMemory(.guarded)
        let range = try take(65, memory)
        let neighbour = try take(16, memory)
        try memory.release(range)
        #expect(memory.state(range.end) == .unowned)
        #expect(memory.state(neighbour.start - 1) == .unowned)
        guard try take(65, memory) == range else { return }
        #expect(memory.state(range.end) == .unowned)
        _ = try memory.manager.protect(part(0..<1, of: range), .readOnly, .off)
        try memory.release(range)
        #expect(memory.state(range.start) == .available)
        #expect(memory.state(range.end) == .available)
        #expect(
            Access.to(PageRange(from: range.start, to: neighbour.start)).allSatisfy { $0 == .none })
        let wide = PageRange(from: range.start, to: neighbour.start)
        do throws(MemoryError) {
            try memory.manager.reserve(wide, PageProtection(.readWrite), .later)
        } catch .rangeConflicts { return }
        try memory.commit(part(60..<70, of: wide))
        #expect(Access.to(part(60..<70, of: wide)).allSatisfy { $0 == .write })
        #expect(Access.to(wide.start + 59) == .none)
        #expect(Access.to(wide.start + 70) == .none)
        #expect(Contents.at(neighbour.start) == 0xA5)
        expectSound(memory, charged: 26)
    }

    @Test("a block that shares a granule with another keeps its place")
    func sharedGranule() throws {
        let memory = TestMemory(.guarded)
        let range = try take(200, memory)
        try memory.manager.release(part: part(100..<103, of: range))
        let upper = part(103..<200, of: range)
        Contents.set(0xA5, at: upper.start)
        try memory.release(part(0..<100, of: range))
        #expect(Contents.at(upper.start) == 0xA5)
        try memory.release(upper)
        #expect(Access.to(range).allSatisfy { $0 == .none })
        expectSound(memory, charged: 0)
    }

    @Test("blocks of many sizes come and go and never overlap", arguments: BackingKind.allCases)
    func churn(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        var generator = SeededGenerator(seed: 11)
        var blocks: [PageRange] = []
        for _ in 0..<3000 {
            if Bool.random(using: &generator),
                let index = blocks.indices.randomElement(using: &generator)
            {
                let block = blocks.remove(at: index)
                #expect(Contents.at(block.start) == 0xA5)
                #expect(Contents.at(block.end - 1) == 0xA5)
                try memory.release(block)
            } else {
                let sizes: [UInt] = [16, 33, 65, 65, 80, 96, 513]
                let block = try take(sizes.randomElement(using: &generator)!, memory)
                #expect(!blocks.contains { $0.overlaps(block) })
                blocks.append(block)
            }
        }
        expectSound(memory, charged: blocks.reduce(0) { $0 + $1.pageCount })
        for block in blocks { try memory.release(block) }
        // As many holes as a thread remembers places, and free space on both sides of the arena.
        #expect(memory.extents.count { $0.state == .unowned } <= 8 + 2)
        expectSound(memory, charged: 0)
    }
}
