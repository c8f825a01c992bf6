// Changing what committed pages allow.

import AddressSpace
import Testing

@testable import MemoryManager

@Suite("Protect")
struct ProtectTests {
    // Source: behaviour 5.4, 5.8.
    @Test("the old protection is that of the first page", arguments: BackingKind.allCases)
    func oldProtection(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(10, .atOnce)
        _ = try memory.manager.protect(part(2..<4, of: range), .readOnly, .armed)
        let old = try memory.manager.protect(part(3..<6, of: range), .noAccess, .off)
        #expect(old == PageProtection(.readOnly, guardState: .armed))
        let next = try memory.manager.protect(part(6..<7, of: range), .readWrite, .off)
        #expect(next == PageProtection(.readWrite))
        #expect(memory.map.brokenInvariant() == nil)
    }

    @Test(
        "the enforced access changes with the protection, and contents stay",
        arguments: BackingKind.allCases)
    func enforcement(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(3, .atOnce)
        let middle = part(1..<2, of: range)
        Contents.set(7, at: middle.start)
        let steps: [(Protection, Guard, Access)] = [
            (.readOnly, .off, .read), (.noAccess, .off, .none), (.executeRead, .off, .read),
            (.readWrite, .armed, .none), (.readWrite, .off, .write),
        ]
        for (access, guardState, expected) in steps {
            _ = try memory.manager.protect(middle, access, guardState)
            #expect(Access.to(range) == [.write, expected, .write])
        }
        #expect(Contents.at(middle.start) == 7)
    }

    // Source: behaviour 5.5, 5.6.
    @Test(
        "pages that are not committed are refused, and nothing is changed",
        arguments: BackingKind.allCases)
    func refusals(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(20)
        try memory.commit(part(5..<10, of: range))
        let picture = memory.picture(of: range)
        let refused: [(Range<UInt>, MemoryError)] = [
            (5..<11, .notCommitted), (4..<10, .notCommitted), (0..<1, .notCommitted),
            (15..<21, .rangeConflicts), (20..<21, .notAllocated),
        ]
        for (offsets, error) in refused {
            #expect(throws: error) {
                try memory.manager.protect(part(offsets, of: range), .readOnly, .off)
            }
        }
        #expect(memory.picture(of: range) == picture)
        #expect(Access.to(part(5..<10, of: range)).allSatisfy { $0 == .write })
    }

    // Source: behaviour 3.19.
    @Test("the initial protection never changes", arguments: BackingKind.allCases)
    func initialProtection(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(4, .atOnce)
        _ = try memory.manager.protect(range, .readOnly, .off)
        let region = try memory.manager.region(at: range.base)
        #expect(region.initialProtection == PageProtection(.readWrite))
        #expect(region.state == .committed(PageProtection(.readOnly)))
    }

    // Source: behaviour 5 (only views copy on write). Not left to the caller, who looks earlier.
    @Test(
        "a protection for views only is refused on pages of ours, and changes nothing",
        arguments: BackingKind.allCases)
    func viewsOnly(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(16)
        try memory.commit(part(0..<8, of: range))
        let picture = memory.picture(of: range)
        for pages in [0..<4, 6..<10, 8..<16] as [Range<UInt>] {
            for access in [Protection.writeCopy, .executeWriteCopy] {
                #expect(throws: MemoryError.invalidParameter) {
                    try memory.manager.protect(part(pages, of: range), access, .off)
                }
            }
        }
        #expect(memory.picture(of: range) == picture)
        try memory.release(range)
        #expect(throws: MemoryError.notAllocated) {
            try memory.manager.protect(part(0..<4, of: range), .writeCopy, .off)
        }
    }
}
