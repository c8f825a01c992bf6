// Keeping pages in RAM. A few pages only: the limit on locked memory may be as low as 64 KiB.

import AddressSpace
import Testing

@testable import MemoryManager

@Suite("Lock", .serialized)
struct LockTests {
    // Source: behaviour 12.2.
    @Test("pages that were locked twice are unlocked by one call", arguments: BackingKind.allCases)
    func twice(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(4, .atOnce)
        Contents.set(5, at: range.start)
        try memory.manager.lock(range)
        try memory.manager.lock(part(1..<2, of: range))
        #expect(memory.state(range.start) == PageState.committed(.readWrite).locked)
        try memory.manager.unlock(range)
        #expect(memory.state(range.start) == .committed(.readWrite))
        #expect(Contents.at(range.start) == 5)
        #expect(memory.map.brokenInvariant() == nil)
    }

    // Source: behaviour 12.1.
    @Test("pages that cannot be read cannot be locked", arguments: BackingKind.allCases)
    func inaccessible(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(6)
        try memory.commit(part(0..<2, of: range))
        try memory.commit(part(3..<4, of: range), .noAccess)
        let picture = memory.picture(of: range)
        for offsets: Range<UInt> in [0..<3, 2..<3, 3..<4, 5..<7, 6..<7] {
            #expect(throws: MemoryError.noAccess) {
                try memory.manager.lock(part(offsets, of: range))
            }
        }
        #expect(memory.picture(of: range) == picture)
    }

    // Source: behaviour 8.31, 14.22.
    @Test(
        "an armed guard page stops the lock and is disarmed by it", arguments: BackingKind.allCases)
    func guardPage(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(3, .atOnce)
        _ = try memory.manager.protect(part(1..<2, of: range), .readWrite, .armed)
        #expect(throws: MemoryError.guardPageHit) { try memory.manager.lock(range) }
        #expect(Access.to(range) == [.write, .write, .write])
        #expect(!memory.state(range.start).isLocked)
        try memory.manager.lock(range)
        #expect(memory.manager.settledSummary(of: range).hasLockedPages)
    }

    // Source: behaviour 12.4.
    @Test(
        "if a page of the range is not locked, no page is unlocked", arguments: BackingKind.allCases
    )
    func notLocked(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(6, .atOnce)
        try memory.manager.lock(part(1..<4, of: range))
        let picture = memory.picture(of: range)
        for offsets: Range<UInt> in [0..<2, 3..<5, 5..<6, 6..<7] {
            #expect(throws: MemoryError.notLocked) {
                try memory.manager.unlock(part(offsets, of: range))
            }
        }
        #expect(memory.picture(of: range) == picture)
        try memory.manager.unlock(part(2..<3, of: range))
        #expect(memory.state(range.start + 1).isLocked)
    }

    @Test(
        "locked pages can be protected, decommitted and released", arguments: BackingKind.allCases)
    func freeing(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(6, .atOnce)
        Contents.set(5, at: range.start + 1)
        try memory.manager.lock(part(0..<4, of: range))
        _ = try memory.manager.protect(part(2..<6, of: range), .readOnly, .off)
        #expect(memory.state(range.start + 3) == PageState.committed(.readOnly).locked)
        #expect(memory.state(range.start + 4) == .committed(.readOnly))
        try memory.manager.decommit(part(1..<3, of: range))
        #expect(Access.to(range.start + 1) == .none)
        try memory.commit(part(1..<3, of: range))
        #expect(Contents.at(range.start + 1) == 0)
        try memory.release(range)
        #expect(memory.map.brokenInvariant() == nil)
    }
}
