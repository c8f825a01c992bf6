// Releasing a part of an allocation, which the NT interface can do.

import AddressSpace
import Testing

@testable import MemoryManager

@Suite("Release of a part")
struct ReleasePartTests {
    // Source: behaviour 4.31 to 4.34.
    @Test(
        "the part is gone, the pages on both sides keep their contents",
        arguments: BackingKind.allCases,
        [0..<3, 5..<9, 10..<40, 16..<32, 30..<100, 99..<100] as [Range<UInt>])
    func contents(backing: BackingKind, offsets: Range<UInt>) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(100, .atOnce)
        for page in range.start..<range.end { Contents.set(UInt64(page), at: page) }
        let gone = part(offsets, of: range)
        try memory.manager.release(part: gone)
        for page in range.start..<range.end {
            let isGone = page >= gone.start && page < gone.end
            #expect(Access.to(page) == (isGone ? .none : .write))
            if !isGone { #expect(Contents.at(page) == UInt64(page)) }
        }
        #expect(memory.map.charge.pageCount == 100 - gone.pageCount)
        #expect(memory.map.brokenInvariant() == nil)
    }

    @Test(
        "allocations that share a granule commit and decommit on their own",
        arguments: BackingKind.allCases)
    func sharedGranule(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(64)
        try memory.manager.release(part: part(20..<24, of: range))
        for offsets: Range<UInt> in [24..<26, 18..<20, 40..<50, 16..<18] {
            try memory.commit(part(offsets, of: range))
            #expect(Access.to(part(offsets, of: range)).allSatisfy { $0 == .write })
        }
        try memory.manager.decommit(part(24..<30, of: range))
        #expect(Access.to(range.start + 24) == .none)
        #expect(Access.to(range.start + 19) == .write)
        #expect(Access.to(part(20..<24, of: range)).allSatisfy { $0 == .none })
        #expect(memory.map.brokenInvariant() == nil)
    }

    @Test(
        "free pages, and parts that leave their allocation, are refused",
        arguments: BackingKind.allCases)
    func refusals(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(20, .atOnce)
        let picture = memory.picture(of: range)
        #expect(throws: MemoryError.pastAllocationEnd) {
            try memory.manager.release(part: part(10..<21, of: range))
        }
        #expect(throws: MemoryError.notAllocated) {
            try memory.manager.release(part: part(20..<21, of: range))
        }
        #expect(memory.picture(of: range) == picture)
    }

    @Test(
        "releasing a part that is the whole allocation releases the allocation",
        arguments: BackingKind.allCases)
    func all(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(20, .atOnce)
        try memory.manager.release(part: range)
        #expect(memory.map.allocation(containing: range.start) == nil)
        #expect(memory.map.brokenInvariant() == nil)
    }
}
