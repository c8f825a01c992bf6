// Committing pages with the real kernel.

import AddressSpace
import Testing

@testable import MemoryManager

@Suite("Commit")
struct CommitTests {
    // Source: behaviour 2.7, 2.8.
    @Test(
        "committed pages are zero and usable, and other pages of the allocation are inaccessible",
        arguments: BackingKind.allCases)
    func commit(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(40)
        let middle = part(10..<20, of: range)
        try memory.commit(middle)
        for page in range.start..<range.end {
            let isCommitted = page >= middle.start && page < middle.end
            #expect(Access.to(page) == (isCommitted ? .write : .none))
            if isCommitted { #expect(Contents.at(page) == 0) }
        }
        #expect(memory.map.charge.pageCount == 10)
        #expect(memory.map.brokenInvariant() == nil)
    }

    // Source: behaviour 3.50.
    @Test(
        "committing again keeps the contents and sets the protection",
        arguments: BackingKind.allCases)
    func again(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(16)
        try memory.commit(part(4..<8, of: range))
        Contents.set(42, at: range.start + 5)
        try memory.commit(range, .readOnly)
        #expect(Contents.at(range.start + 5) == 42)
        #expect(Contents.at(range.start + 9) == 0)
        #expect(Access.to(range).allSatisfy { $0 == .read })
        #expect(memory.map.charge.pageCount == 16)
        #expect(memory.map.brokenInvariant() == nil)
    }

    // Source: behaviour 2.7.
    @Test(
        "whole granules committed for the first time can be used at once",
        arguments: BackingKind.allCases,
        [1, 2, 32, 33] as [UInt])
    func wholeGranules(backing: BackingKind, granuleCount: UInt) throws {
        let memory = TestMemory(backing)
        for access: Protection in [.readWrite, .executeReadWrite, .readOnly] {
            let range = try memory.reserve(granuleCount * 16 + 32)
            let whole = part(16..<granuleCount * 16 + 16, of: range)
            try memory.commit(whole, access)
            for page in whole.start..<whole.end {
                #expect(Contents.at(page) == 0)
                if access != .readOnly { Contents.set(UInt64(page), at: page) }
            }
            #expect(Access.to(whole).allSatisfy { $0 == (access == .readOnly ? .read : .write) })
            #expect(Access.to(part(0..<16, of: range)).allSatisfy { $0 == .none })
            #expect(Access.to(PageRange(from: whole.end, to: range.end)).allSatisfy { $0 == .none })
        }
    }

    @Test(
        "the enforced access is that of the protection", arguments: BackingKind.allCases,
        [Protection.noAccess, .readOnly, .readWrite, .execute, .executeRead, .executeReadWrite])
    func protections(backing: BackingKind, access: Protection) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(3)
        try memory.commit(part(1..<2, of: range), access)
        let expected: Access =
            switch access {
            case .noAccess: .none
            case .readWrite, .executeReadWrite: .write
            default: .read
            }
        #expect(Access.to(range) == [.none, expected, .none])
        #expect(memory.state(range.start + 1) == .committed(access))
    }

    // Source: behaviour 8.1.
    @Test(
        "a guard page is committed and charged, but inaccessible", arguments: BackingKind.allCases)
    func guardPage(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(2)
        try memory.commit(range, .readWrite, .armed)
        #expect(Access.to(range) == [.none, .none])
        #expect(memory.map.charge.pageCount == 2)
    }

    // Source: behaviour 3.46, 3.47.
    @Test(
        "free pages, and ranges that leave their allocation, are refused",
        arguments: BackingKind.allCases)
    func conflicts(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(20)
        let neighbour = try memory.reserve(16)
        let picture = memory.picture(of: range)
        for wanted in [
            part(15..<21, of: range), PageRange(from: range.end, to: range.end + 1),
            PageRange(from: range.start, to: neighbour.end), PageRange(from: 16, to: 17),
        ] {
            #expect(throws: MemoryError.rangeConflicts) { try memory.commit(wanted) }
        }
        #expect(memory.picture(of: range) == picture)
        #expect(Access.to(range).allSatisfy { $0 == .none })
        #expect(memory.map.brokenInvariant() == nil)
    }

    // Source: behaviour 2.9, 2.10.
    @Test("past the commit limit not one page is committed", arguments: BackingKind.allCases)
    func limit(backing: BackingKind) throws {
        let memory = TestMemory(backing, commitLimit: 10)
        let range = try memory.reserve(20)
        try memory.commit(part(0..<6, of: range))
        let picture = memory.picture(of: range)
        #expect(throws: MemoryError.commitLimitReached) {
            try memory.commit(part(5..<11, of: range))
        }
        #expect(memory.picture(of: range) == picture)
        #expect(Access.to(range.start + 6) == .none)
        try memory.commit(part(5..<10, of: range))
        #expect(memory.map.charge.pageCount == 10)
    }

    @Test(
        "pages committed one after another across multiples of 4 GiB are usable",
        arguments: BackingKind.allCases)
    func acrossTables(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(3 << 20)
        let line = (range.start + PageTableLayout.pageCount) & ~(PageTableLayout.pageCount - 1)
        for page in stride(from: line - 160, to: line + 64, by: 16) {
            try memory.commit(PageRange(from: page, to: page + 1))
            try #require(Access.to(page) == .write)
            #expect(Access.to(page + 1) == .none)
        }
        #expect(memory.map.brokenInvariant() == nil)
    }

    @Test("one commit may cross several multiples of 4 GiB", arguments: BackingKind.allCases)
    func spanningTables(backing: BackingKind) throws {
        let memory = TestMemory(backing, commitLimit: 1 << 24)
        let range = try memory.reserve(3 << 20)
        try memory.commit(range)
        for page in stride(from: range.start, to: range.end, by: 1 << 18) {
            #expect(Access.to(page) == .write)
        }
        try memory.release(range)
        #expect(memory.map.charge.pageCount == 0)
        #expect(memory.map.brokenInvariant() == nil)
    }

    @Test("committing every other page changes no other page", arguments: BackingKind.allCases)
    func everyOther(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(200)
        for offset in stride(from: UInt(0), to: 200, by: 2) {
            try memory.commit(part(offset..<offset + 1, of: range))
        }
        for offset in UInt(0)..<200 {
            #expect(Access.to(range.start + offset) == (offset % 2 == 0 ? .write : .none))
        }
        #expect(memory.map.brokenInvariant() == nil)
    }
}
