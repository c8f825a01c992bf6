// Giving whole allocations back.

import AddressSpace
import Testing

@testable import MemoryManager

@Suite("Release")
struct ReleaseTests {
    // Source: behaviour 4.11, 14.1.
    @Test(
        "an allocation is released whatever the states of its pages",
        arguments: BackingKind.allCases)
    func mixed(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(100)
        try memory.commit(part(3..<20, of: range))
        try memory.commit(part(30..<40, of: range), .readOnly)
        try memory.commit(part(40..<50, of: range), .readWrite, .armed)
        try memory.commit(part(90..<100, of: range), .noAccess)
        try memory.release(range)
        #expect(memory.map.allocation(containing: range.start) == nil)
        #expect(Access.to(range).allSatisfy { $0 == .none })
        #expect(memory.map.charge.pageCount == 0)
        #expect(memory.map.brokenInvariant() == nil)
    }

    // Source: behaviour 4.12.
    @Test("only the first page names an allocation", arguments: BackingKind.allCases)
    func notAtBase(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(20, .atOnce)
        let picture = memory.picture(of: range)
        for offset: UInt in [1, 10, 19] {
            #expect(throws: MemoryError.notAtBase) {
                try memory.manager.release(allocationBasedAt: range.start + offset)
            }
        }
        #expect(memory.picture(of: range) == picture)
        #expect(Access.to(range).allSatisfy { $0 == .write })
    }

    // Source: behaviour 4.13.
    @Test(
        "free memory cannot be released, and no allocation can be released twice",
        arguments: BackingKind.allCases)
    func twice(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(20)
        try memory.release(range)
        let extents = memory.extents
        for page in [range.start, range.end, 16, Page.endOfMap - 1] {
            #expect(throws: MemoryError.notAllocated) {
                try memory.manager.release(allocationBasedAt: page)
            }
        }
        #expect(memory.extents == extents)
    }

    @Test(
        "the neighbours of a released allocation keep their contents",
        arguments: BackingKind.allCases)
    func neighbours(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let ranges = try (0..<3).map { _ in try memory.reserve(17, .atOnce) }
        for range in ranges { Contents.set(5, at: range.end - 1) }
        try memory.release(ranges[1])
        #expect(Contents.at(ranges[0].end - 1) == 5)
        #expect(Contents.at(ranges[2].end - 1) == 5)
        #expect(Access.to(ranges[1]).allSatisfy { $0 == .none })
    }

    @Test(
        "an allocation outside the arenas goes back to the kernel", arguments: BackingKind.allCases)
    func ownMapping(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        // Far below where the kernel puts anything by itself; one place for each backing.
        let start = Page.index(of: 0x30_0000_0000) + UInt(backing.rawValue) * 64
        let range = PageRange(from: start, to: start + 20)
        try memory.manager.reserve(range, PageProtection(.readWrite), .atOnce)
        #expect(memory.map.allocation(containing: range.start)?.attributes.placement == .ownMapping)
        Contents.set(5, at: range.end - 1)
        try memory.release(range)
        #expect(memory.map.freeState(of: range) == .unowned)
        #expect(memory.map.brokenInvariant() == nil)
        try memory.manager.reserve(range, PageProtection(.readWrite), .atOnce)
        #expect(Contents.at(range.end - 1) == 0)
    }
}
