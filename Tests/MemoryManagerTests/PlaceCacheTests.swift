// Small blocks that come and go whole, on the mapped backing.

import AddressSpace
import Glibc
import LinuxKernel
import Testing

@testable import MemoryManager

@Suite("Place cache")
struct PlaceCacheTests {
    private let memory = TestMemory(.mapped)
    private var manager: MemoryManager { memory.manager }

    private func take(_ pageCount: UInt) throws -> PageRange {
        var base = try manager.reserveCommittedInOneCall(pageCount)
        if base == nil {
            base = try manager.reserve(
                PlacementRequest(pageCount: pageCount), PageProtection(.readWrite), .atOnce)
        }
        let start = Page.index(of: try #require(base))
        return PageRange(from: start, to: start + pageCount)
    }

    /// A block that was written, and released; its place is vacated.
    private func vacated(_ pageCount: UInt) throws -> PageRange {
        let range = try take(pageCount)
        Contents.set(0xA5, at: range.start)
        try manager.releaseCommitted(allocationBasedAt: range.start)
        #expect(memory.state(range.start) == .unowned)
        return range
    }

    /// Reserves exactly `range`; false if the kernel has given it to another test meanwhile.
    private func reserve(_ range: PageRange, _ access: Protection, _ backed: CommitTiming) throws
        -> Bool
    {
        do throws(MemoryError) {
            try manager.reserve(range, PageProtection(access), backed)
            return true
        } catch .rangeConflicts {
            return false
        }
    }

    /// Maps `range` for somebody else, if that can be done.
    private func intrude(_ range: PageRange) -> Bool {
        do { try Mapping.makeReadWrite(range) } catch { return false }
        return true
    }

    // Markers remain in the rest of a granule after commits near the limit on mappings.
    @Test("a block over a place and marked pages behind it is accessible as a whole")
    func markedPagesBehindPlace() throws {
        let block = try take(9)
        let rest = PageRange(from: block.end, to: block.withWholeGranules.end)
        manager.granules.prepared.insert(rest)
        try manager.granules.mark(rest)
        try manager.releaseCommitted(allocationBasedAt: block.start)
        #expect(memory.state(block.start) == .unowned)
        if try !reserve(block, .readWrite, .atOnce) { return }
        try manager.release(allocationBasedAt: block.start)
        let larger = PageRange(from: block.start, to: rest.start + 2)
        if try !reserve(larger, .readWrite, .atOnce) { return }
        for page in larger.start..<larger.end { #expect(Access.to(page) == .write) }
    }

    /// Whether something is mapped on any page of `range`, whoever has it.
    private func isMapped(_ range: PageRange) -> Bool {
        (range.start..<range.end).contains { page in
            var flag: UInt8 = 0
            let address = unsafe UnsafeMutableRawPointer(bitPattern: Page.address(of: page))
            return unsafe mincore(address, Int(Page.byteCount), &flag) == 0
        }
    }

    // Source: behaviour 4.18.
    @Test("a released block is free, and not charged")
    func released() throws {
        let range = try vacated(16)
        #expect(memory.state(range.start) == .unowned)
        #expect(memory.map.charge.pageCount == 0)
        #expect(memory.map.brokenInvariant() == nil)
    }

    // Source: behaviour 2.7.
    @Test("a block that is reserved again reads as zeros, and is charged")
    func again() throws {
        for pageCount: UInt in [1, 5, 16, 32] {
            _ = try vacated(pageCount)
            let next = try take(pageCount)
            #expect(Contents.at(next.start) == 0)
            #expect(memory.map.charge.pageCount == pageCount)
            #expect(Access.to(next).allSatisfy { $0 == .write })
            #expect(memory.map.brokenInvariant() == nil)
            try memory.release(next)
            #expect(memory.map.charge.pageCount == 0)
        }
    }

    @Test(
        "a place that other code has mapped is not used until it is unmapped")
    func foreign() throws {
        let range = try vacated(16)
        guard intrude(range) else { return }  // the kernel has given it to another test
        Contents.set(0xF0, at: range.start)
        let other = try take(16)
        #expect(!other.overlaps(range))
        #expect(Contents.at(range.start) == 0xF0)
        #expect(memory.state(range.start) == .unowned)
        #expect(memory.map.charge.pageCount == 16)
        let region = try manager.region(at: range.base)
        #expect(region.state == .committed(PageProtection(.readWrite)))
        try Mapping.release(range)
        var next = try take(16)
        // Another test may have been there just now.
        for _ in 0..<100 where next != range && !isMapped(range) {
            try manager.releaseCommitted(allocationBasedAt: next.start)
            #expect(memory.map.allocation(containing: next.start) == nil)
            next = try take(16)
        }
        #expect(next == range || isMapped(range))
        #expect(memory.map.brokenInvariant() == nil)
    }

    // Source: behaviour 3.35.
    @Test("a vacated place can be reserved by its address")
    func fixed() throws {
        let range = try vacated(16)
        guard try reserve(range, .readOnly, .atOnce) else { return }
        let other = try take(16)
        #expect(!other.overlaps(range))
        #expect(Access.to(range).allSatisfy { $0 == .read })
        try memory.release(range)
        #expect(memory.state(range.start) == .unowned)
        #expect(memory.map.brokenInvariant() == nil)
    }

    @Test("an arena may grow over a vacated place")
    func annexed() throws {
        let range = try vacated(16)
        let wide = PageRange(from: range.start, to: range.end + 32)
        guard try reserve(wide, .readWrite, .later) else { return }
        let other = try take(16)
        #expect(!other.overlaps(wide))
        try memory.release(wide)
        #expect(memory.state(range.start) == .available)
        let next = try take(16)
        #expect(memory.map.brokenInvariant() == nil)
        #expect(Contents.at(next.start) == 0)
    }

    // Source: behaviour 3.7.
    @Test("at the commit limit the place is kept")
    func limit() throws {
        let small = TestMemory(.mapped, commitLimit: 20)
        let base = try small.manager.reserve(
            PlacementRequest(pageCount: 16), PageProtection(.readWrite), .atOnce)
        let page = Page.index(of: base)
        let hold = try small.reserve(10)
        try small.manager.releaseCommitted(allocationBasedAt: page)
        #expect(small.state(page) == .unowned)
        try small.commit(hold)
        #expect(throws: MemoryError.commitLimitReached) {
            _ = try small.manager.reserveCommittedInOneCall(16)
        }
        #expect(small.map.charge.pageCount == 10)
        #expect(small.state(page) == .unowned)
        try small.release(hold)
        #expect(try small.manager.reserveCommittedInOneCall(16) != nil)
        #expect(small.map.brokenInvariant() == nil)
    }

    @Test("blocks are unmapped only while their places can be remembered")
    func many() throws {
        // Places are kept only as long as something is committed.
        let other = try take(1)
        let blocks = try (0..<40).map { _ in try take(16) }
        for block in blocks {
            try manager.releaseCommitted(allocationBasedAt: block.start)
            #expect(memory.map.allocation(containing: block.start) == nil)
        }
        let vacated = blocks.count { memory.state($0.start) == .unowned }
        #expect(vacated == 8)
        #expect(memory.map.placeCache.placeCount == 8)
        #expect(memory.map.charge.pageCount == other.pageCount)
        #expect(memory.map.brokenInvariant() == nil)
        let again = try (0..<40).map { _ in try take(16) }
        #expect(Set(again.map(\.start)).count == 40)
        #expect(memory.map.brokenInvariant() == nil)
    }

    @Test("when no page is committed, all but a few places go back to the arena")
    func givenUp() throws {
        let blocks = try (0..<8).map { _ in try take(16) }
        for block in blocks.prefix(4) {
            try manager.releaseCommitted(allocationBasedAt: block.start)
        }
        #expect(memory.map.placeCache.placeCount == 4)
        for block in blocks.suffix(4) {
            try manager.releaseCommitted(allocationBasedAt: block.start)
        }
        try memory.release(try memory.reserve(1))
        #expect(memory.map.placeCache.placeCount == 0)
        for block in blocks {
            // Another test may have been there just now.
            let isAvailable = memory.map.freeState(of: block) == .available
            #expect(isMapped(block))
            if isAvailable { #expect(Access.to(block).allSatisfy { $0 == .none }) }
        }
        #expect(memory.map.brokenInvariant() == nil)
        let next = try take(16)
        #expect(Contents.at(next.start) == 0)
    }
}
