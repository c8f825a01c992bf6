// Reserving address space from the real kernel.

import AddressSpace
import LinuxKernel
import Testing

@testable import MemoryManager

@Suite("Reserve")
struct ReserveTests {
    // Source: behaviour 2.4, 3.33.
    @Test(
        "the system chooses a granule, and the pages are reserved", arguments: BackingKind.allCases)
    func anywhere(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(5)
        #expect(range.base % Page.allocationGranularity == 0)
        #expect(memory.map.allocation(containing: range.start)?.range == range)
        #expect(memory.state(range.start) == .reserved)
        #expect(Access.to(range) == Array(repeating: .none, count: 5))
        #expect(memory.map.brokenInvariant() == nil)
    }

    // Source: behaviour 2.8.
    @Test(
        "pages reserved and committed in one call are zero and writable",
        arguments: BackingKind.allCases)
    func committedAtOnce(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(5, .atOnce)
        for page in range.start..<range.end {
            #expect(Contents.at(page) == 0)
            Contents.set(7, at: page)
        }
        #expect(memory.map.charge.pageCount == 5)
        #expect(memory.map.brokenInvariant() == nil)
    }

    // Source: behaviour 2.5.
    @Test("the pages behind a short allocation stay inaccessible", arguments: BackingKind.allCases)
    func restOfGranule(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(1, .atOnce)
        #expect(Access.to(range.start) == .write)
        #expect(
            Access.to(PageRange(from: range.end, to: range.end + 15)).allSatisfy { $0 == .none })
    }

    // Source: behaviour 3.34.
    @Test("a released base can be reserved again at once", arguments: BackingKind.allCases)
    func reuse(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let first = try memory.reserve(16, .atOnce)
        _ = try memory.reserve(16)
        try memory.release(first)
        let second = try memory.reserve(16)
        #expect(second == first)
        try memory.commit(second)
        #expect(Contents.at(second.start) == 0)
    }

    // Source: behaviour 3.40 to 3.42.
    @Test("exactly the pages that were asked for are taken", arguments: BackingKind.allCases)
    func exactly(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let first = try memory.reserve(64)
        let wanted = PageRange(from: first.end + 160, to: first.end + 177)
        try memory.manager.reserve(wanted, PageProtection(.readOnly), .atOnce)
        #expect(memory.map.allocation(containing: wanted.end - 1)?.range == wanted)
        #expect(Access.to(wanted).allSatisfy { $0 == .read })
        #expect(memory.map.brokenInvariant() == nil)
    }

    // Source: behaviour 3.43.
    @Test(
        "a range with any page that is not free is refused",
        arguments: BackingKind.allCases)
    func conflicts(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let taken = try memory.reserve(64)
        let picture = memory.picture(of: taken)
        for wanted in [taken, part(16..<17, of: taken), part(48..<80, of: taken)] {
            for backed in [CommitTiming.later, .atOnce] {
                #expect(throws: MemoryError.rangeConflicts) {
                    try memory.manager.reserve(wanted, PageProtection(.readWrite), backed)
                }
            }
        }
        #expect(memory.picture(of: taken) == picture)
        #expect(memory.map.brokenInvariant() == nil)
    }

    // Source: behaviour 2.11.
    @Test("mapped foreign memory is never reserved", arguments: BackingKind.allCases)
    func foreign(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let foreign = Page.index(of: try Mapping.reserve(byteCount: 64 * Page.byteCount))
        defer { try? Mapping.release(PageRange(from: foreign, to: foreign + 64)) }
        let start = (foreign + 15) & ~15
        #expect(throws: MemoryError.rangeConflicts) {
            try memory.manager.reserve(
                PageRange(from: start, to: start + 16), PageProtection(.readWrite), .later)
        }
        #expect(memory.map.allocation(containing: start) == nil)
        #expect(memory.map.brokenInvariant() == nil)
    }

    // Source: behaviour 2.9.
    @Test("past the commit limit nothing is reserved either", arguments: BackingKind.allCases)
    func commitLimit(backing: BackingKind) throws {
        let memory = TestMemory(backing, commitLimit: 10)
        let first = try memory.reserve(4, .atOnce)
        let extents = memory.extents
        #expect(throws: MemoryError.commitLimitReached) { try memory.reserve(7, .atOnce) }
        let wanted = PageRange(from: first.end + 12, to: first.end + 19)
        #expect(throws: MemoryError.commitLimitReached) {
            try memory.manager.reserve(wanted, PageProtection(.readWrite), .atOnce)
        }
        #expect(memory.extents == extents)
        #expect(memory.map.charge.pageCount == 4)
    }

    @Test("terabytes can be reserved, and released", arguments: BackingKind.allCases)
    func terabytes(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(1 << 28)
        #expect(memory.map.allocation(containing: range.end - 1)?.range == range)
        try memory.release(range)
        #expect(memory.map.brokenInvariant() == nil)
    }

    @Test("a reservation larger than the address space is refused", arguments: BackingKind.allCases)
    func tooMuch(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        _ = try memory.reserve(1)
        let extents = memory.extents
        for pageCount: UInt in [1 << 35, (1 << 35) - 64] {
            #expect(throws: MemoryError.outOfAddressSpace) { try memory.reserve(pageCount) }
        }
        #expect(memory.extents == extents)
    }

    @Test(
        "the first place in 4 GiB without a table is given out once",
        arguments: BackingKind.allCases)
    func firstPlaceOfTable(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let first = try memory.reserve(1)
        let edge = (first.start | (PageTableLayout.pageCount - 1)) + 1
        // All up to the edge but one page, at which no allocation can begin.
        let filler = try memory.reserve(edge - 1 - first.start - Page.perGranule)
        #expect(filler.end == edge - 1)
        #expect(memory.map.directory.table(of: edge) == nil)
        if let base = try memory.manager.reserveCommittedInOneCall(4) {
            #expect(memory.state(Page.index(of: base)) == .committed(.readWrite))
        }
        let block = try memory.reserve(4, .atOnce)
        let other = try memory.reserve(4, .atOnce)
        #expect(block.start == edge)
        #expect(!block.overlaps(other))
        try memory.release(block)
        try memory.release(other)
        #expect(memory.map.brokenInvariant() == nil)
    }
}
