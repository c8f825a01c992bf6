// Where reservations come from, and the edges of what is ours.

import AddressSpace
import LinuxKernel
import Testing

@testable import MemoryManager

@Suite("Arenas", .serialized)
struct ArenaTests {
    /// Makes an arena of one granule where the kernel puts nothing by itself.
    ///
    /// - Returns: The page where it ends.
    private func endOfArena(_ memory: TestMemory) throws -> UInt {
        let lowest: UInt = 0x31_0000_0000
        let base = try memory.manager.reserve(
            PlacementRequest(pageCount: 16, lowest: lowest, end: lowest + 0x10_0000),
            PageProtection(.readWrite), .later)
        let start = Page.index(of: base)
        try memory.manager.release(allocationBasedAt: start)
        #expect(memory.map.freeState(of: PageRange(from: start, to: start + 16)) == .available)
        return start + 16
    }

    @Test("reservations one after another need one arena", arguments: BackingKind.allCases)
    func oneArena(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let ranges = try (0..<20).map { _ in try memory.reserve(16) }
        for (range, next) in zip(ranges, ranges.dropFirst()) { #expect(range.end == next.start) }
        #expect(memory.extents.count { $0.state == .available } == 1)
    }

    @Test("a reservation may cross the end of an arena", arguments: BackingKind.allCases)
    func straddling(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let end = try endOfArena(memory)
        for pageCount: UInt in [17, 32, 40] {
            let range = PageRange(from: end - 16, to: end - 16 + pageCount)
            try memory.manager.reserve(range, PageProtection(.readWrite), .later)
            try memory.commit(range)
            for page in range.start..<range.end {
                #expect(Access.to(page) == .write)
                Contents.set(1, at: page)
            }
            #expect(memory.map.brokenInvariant() == nil)
            try memory.release(range)
            #expect(Access.to(range).allSatisfy { $0 == .none })
        }
        #expect(memory.map.charge.pageCount == 0)
    }

    @Test(
        "a foreign page behind the end of an arena is never changed",
        arguments: BackingKind.allCases)
    func foreignNeighbour(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let end = try endOfArena(memory)
        let foreign = PageRange(from: end + 1, to: end + 2)
        try Mapping.reserve(foreign)
        defer { try? Mapping.release(foreign) }
        try PageAccess.set(.readWrite, on: foreign)
        Contents.set(42, at: foreign.start)
        let range = PageRange(from: end - 16, to: end + 1)
        for _ in 0..<2 {
            try memory.manager.reserve(range, PageProtection(.readWrite), .later)
            try memory.commit(range)
            #expect(Access.to(range).allSatisfy { $0 == .write })
            #expect(memory.map.brokenInvariant() == nil)
            try memory.release(range)
        }
        #expect(throws: MemoryError.rangeConflicts) {
            try memory.manager.reserve(
                PageRange(from: end - 16, to: end + 2), PageProtection(.readWrite), .atOnce)
        }
        #expect(memory.map.charge.pageCount == 0)
        #expect(Access.to(foreign.start) == .write)
        #expect(Contents.at(foreign.start) == 42)
    }

    @Test(
        "an arena that ends inside a granule can be continued later",
        arguments: BackingKind.allCases)
    func completedGranule(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let end = try endOfArena(memory)
        let foreign = PageRange(from: end + 5, to: end + 6)
        try Mapping.reserve(foreign)
        let short = PageRange(from: end - 16, to: end + 5)
        try memory.manager.reserve(short, PageProtection(.readWrite), .atOnce)
        try memory.release(short)
        try Mapping.release(foreign)
        let long = PageRange(from: end - 16, to: end + 20)
        try memory.manager.reserve(long, PageProtection(.readWrite), .later)
        #expect(Access.to(long).allSatisfy { $0 == .none })
        try memory.commit(part(20..<30, of: long))
        for page in long.start..<long.end {
            let isCommitted = page >= long.start + 20 && page < long.start + 30
            #expect(Access.to(page) == (isCommitted ? .write : .none))
        }
        try memory.release(long)
        #expect(memory.map.brokenInvariant() == nil)
    }

    // Source: behaviour 10.7 to 10.11.
    @Test("address limits hold outside arenas too", arguments: BackingKind.allCases)
    func limits(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        _ = try memory.reserve(1)
        let (lowest, end) = (UInt(0x10_0000_0000), UInt(0x20_0000_0000))
        for direction in [PlacementRequest.Direction.lowestFirst, .highestFirst] {
            let placing = PlacementRequest(
                pageCount: 5, alignment: 0x20_0000, lowest: lowest, end: end, direction: direction)
            let base = try memory.manager.reserve(placing, PageProtection(.readWrite), .atOnce)
            #expect(base >= lowest && base + 5 * 4096 <= end)
            #expect(base % 0x20_0000 == 0)
            #expect(Access.to(Page.index(of: base) + 4) == .write)
        }
        #expect(memory.map.brokenInvariant() == nil)
    }

    @Test(
        "without limits, addresses below 4 GiB are used only if there are no others",
        .enabled(if: JudgedCalls.areAvailable), arguments: BackingKind.allCases)
    func lowAddresses(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let low = try memory.manager.reserve(
            PlacementRequest(pageCount: 64, end: Page.endOfLowAddresses),
            PageProtection(.readWrite), .later)
        try memory.manager.release(allocationBasedAt: Page.index(of: low))
        for direction in [PlacementRequest.Direction.lowestFirst, .highestFirst] {
            let placing = PlacementRequest(pageCount: 16, direction: direction)
            let base = try memory.manager.reserve(placing, PageProtection(.readWrite), .atOnce)
            #expect(base >= Page.endOfLowAddresses)
        }
        // A memory of its own, whose kernel has no room left for an arena.
        let crowded = TestMemory(backing)
        let start = try crowded.manager.reserve(
            PlacementRequest(pageCount: 64, end: Page.endOfLowAddresses),
            PageProtection(.readWrite), .later)
        try crowded.manager.release(allocationBasedAt: Page.index(of: start))
        let range = try JudgedCalls.with { call in
            call.asksForArena ? .refuse : .make
        } _: {
            try crowded.reserve(16)
        }
        #expect(range.limit <= Page.endOfLowAddresses)
        try crowded.commit(range)
        #expect(Access.to(range).allSatisfy { $0 == .write })
        #expect(throws: MemoryError.outOfAddressSpace) {
            try JudgedCalls.with { call in
                call.asksForArena ? .refuse : .make
            } _: {
                _ = try crowded.reserve(1 << 20)
            }
        }
    }

    @Test("limits without room are refused", arguments: BackingKind.allCases)
    func noRoom(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = PageRange(from: 0x10_0000, to: 0x10_0010)
        try memory.manager.reserve(range, PageProtection(.readWrite), .later)
        let placing = PlacementRequest(pageCount: 16, lowest: range.base, end: range.limit)
        let extents = memory.extents
        #expect(throws: MemoryError.outOfAddressSpace) {
            try memory.manager.reserve(placing, PageProtection(.readWrite), .later)
        }
        #expect(memory.extents == extents)
    }

    @Test(
        "reservations with large alignments are aligned",
        arguments: [0x20_0000, 0x1_0000_0000, 0x10_0000_0000] as [UInt])
    func alignment(alignment: UInt) throws {
        let memory = TestMemory(.mapped)
        for _ in 0..<3 {
            let placing = PlacementRequest(pageCount: 100, alignment: alignment)
            let base = try memory.manager.reserve(placing, PageProtection(.readWrite), .later)
            #expect(base % alignment == 0)
        }
        #expect(memory.extents.count { $0.state == .reserved } == 3)
        #expect(memory.map.brokenInvariant() == nil)
    }
}
