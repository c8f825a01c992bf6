// Giving pages back to the system and keeping their addresses.

import AddressSpace
import Testing

@testable import MemoryManager

@Suite("Decommit")
struct DecommitTests {
    // Source: behaviour 4.3, 4.4.
    @Test("decommitted pages are reserved and inaccessible", arguments: BackingKind.allCases)
    func decommit(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(40, .atOnce)
        let middle = part(10..<30, of: range)
        try memory.manager.decommit(middle)
        for page in range.start..<range.end {
            let isGone = page >= middle.start && page < middle.end
            #expect(Access.to(page) == (isGone ? .none : .write))
            #expect(memory.state(page) == (isGone ? .reserved : .committed(.readWrite)))
        }
        #expect(memory.map.charge.pageCount == 20)
        #expect(memory.map.brokenInvariant() == nil)
    }

    // Source: behaviour 2.8, 4.5.
    @Test(
        "pages that are committed again are zero, whatever their protection was",
        arguments: BackingKind.allCases,
        [Protection.readWrite, .readOnly, .noAccess, .executeReadWrite])
    func recommit(backing: BackingKind, access: Protection) throws {
        for offsets in [5..<35, 16..<32] as [Range<UInt>] {
            try recommit(offsets, TestMemory(backing), access)
        }
    }

    private func recommit(
        _ offsets: Range<UInt>, _ memory: TestMemory, _ access: Protection
    ) throws {
        let range = try memory.reserve(40, .atOnce)
        for page in range.start..<range.end { Contents.set(1, at: page) }
        let middle = part(offsets, of: range)
        _ = try memory.manager.protect(middle, access, .off)
        try memory.manager.decommit(middle)
        try memory.commit(middle)
        for page in middle.start..<middle.end { #expect(Contents.at(page) == 0) }
        #expect(Contents.at(range.start) == 1)
        #expect(Contents.at(range.end - 1) == 1)
        #expect(Access.to(range).allSatisfy { $0 == .write })
    }

    @Test(
        "whole granules committed at once can be protected, decommitted in part, and reused",
        arguments: BackingKind.allCases, [Protection.readOnly, .noAccess, .executeRead])
    func wholeGranules(backing: BackingKind, access: Protection) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(64)
        let granules = part(16..<48, of: range)
        try memory.commit(granules, access)
        #expect(Access.to(granules).allSatisfy { $0 == (access == .noAccess ? .none : .read) })
        #expect(Access.to(granules.end) == .none)
        let hole = part(20..<24, of: range)
        try memory.manager.decommit(hole)
        _ = try memory.manager.protect(part(16..<20, of: range), .readWrite, .off)
        #expect(Access.to(hole).allSatisfy { $0 == .none })
        #expect(Access.to(granules.start) == .write)
        try memory.commit(hole)
        for page in hole.start..<hole.end { #expect(Contents.at(page) == 0) }
        try memory.manager.decommit(granules)
        #expect(Access.to(range).allSatisfy { $0 == .none })
        try memory.commit(range)
        #expect(Access.to(range).allSatisfy { $0 == .write })
    }

    @Test("large ranges lose their contents too", arguments: BackingKind.allCases)
    func large(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(1000, .atOnce)
        let middle = part(3..<997, of: range)
        for page in range.start..<range.end { Contents.set(UInt64(page), at: page) }
        try memory.manager.decommit(middle)
        #expect(Access.to(middle).allSatisfy { $0 == .none })
        try memory.commit(range)
        for page in range.start..<range.end {
            let isKept = page < middle.start || page >= middle.end
            #expect(Contents.at(page) == (isKept ? UInt64(page) : 0))
        }
    }

    // Source: behaviour 4.6.
    @Test("reserved pages may be decommitted", arguments: BackingKind.allCases)
    func reserved(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(20)
        try memory.commit(part(8..<12, of: range))
        try memory.manager.decommit(range)
        try memory.manager.decommit(range)
        #expect(memory.manager.settledSummary(of: range).committedPageCount == 0)
        #expect(memory.map.charge.pageCount == 0)
    }

    // Source: behaviour 4.7.
    @Test(
        "the whole allocation can be decommitted from its base only",
        arguments: BackingKind.allCases)
    func whole(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(20, .atOnce)
        #expect(throws: MemoryError.notAtBase) {
            try memory.manager.decommit(allocationBasedAt: range.start + 1)
        }
        #expect(memory.map.charge.pageCount == 20)
        try memory.manager.decommit(allocationBasedAt: range.start)
        #expect(memory.map.charge.pageCount == 0)
        #expect(memory.map.allocation(containing: range.start)?.range == range)
    }

    // Source: behaviour 4.8, 4.9, 14.3.
    @Test(
        "free pages, and ranges past the end of the allocation, are refused",
        arguments: BackingKind.allCases)
    func refusals(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(20, .atOnce)
        Contents.set(9, at: range.end - 1)
        let picture = memory.picture(of: range)
        #expect(throws: MemoryError.pastAllocationEnd) {
            try memory.manager.decommit(part(19..<21, of: range))
        }
        #expect(throws: MemoryError.notAllocated) {
            try memory.manager.decommit(part(20..<21, of: range))
        }
        #expect(throws: MemoryError.notAllocated) {
            try memory.manager.decommit(allocationBasedAt: range.end)
        }
        #expect(memory.picture(of: range) == picture)
        #expect(Contents.at(range.end - 1) == 9)
    }
}
