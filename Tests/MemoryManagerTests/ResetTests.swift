// MEM_RESET and MEM_RESET_UNDO.

import AddressSpace
import Glibc
import Testing

@testable import MemoryManager

@Suite("Reset")
struct ResetTests {
    private func undo(_ memory: TestMemory, _ range: PageRange) -> MemoryError? {
        do throws(MemoryError) {
            try memory.manager.undoReset(range, whole: range)
            return nil
        } catch { return error }
    }

    // Source: behaviour 7.3, 7.10.
    @Test(
        "undo after a reset without loss keeps the contents",
        arguments: BackingKind.allCases)
    func undone(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(20, .atOnce)
        for page in range.start..<range.start + 10 { Contents.set(UInt64(page), at: page) }
        let picture = memory.picture(of: range)
        try memory.manager.reset(range, whole: range)
        #expect(undo(memory, range) == nil)
        for page in range.start..<range.start + 10 { #expect(Contents.at(page) == UInt64(page)) }
        #expect(memory.picture(of: range) == picture)
        #expect(memory.map.brokenInvariant() == nil)
    }

    // Source: behaviour 7.10, 7.11.
    @Test(
        "undo reports pages that the kernel has dropped, and keeps the others",
        arguments: BackingKind.allCases)
    func lost(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(100, .atOnce)
        for page in range.start..<range.end { Contents.set(1, at: page) }
        try memory.manager.reset(range, whole: range)
        let taken = part(70..<71, of: range)
        let address = unsafe UnsafeMutableRawPointer(bitPattern: taken.base)
        #expect(unsafe madvise(address, 4096, MADV_DONTNEED) == 0)
        #expect(undo(memory, range) == .contentsLost)
        #expect(Contents.at(taken.start) == 0)
        #expect(Contents.at(range.start) == 1)
        #expect(Contents.at(range.end - 1) == 1)
        #expect(memory.manager.settledSummary(of: range).committedPageCount == 100)
    }

    // Source: behaviour 7.10.
    @Test("pages that were never touched cannot be lost", arguments: BackingKind.allCases)
    func untouched(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(70, .atOnce)
        try memory.manager.reset(range, whole: range)
        #expect(undo(memory, range) == nil)
    }

    @Test("read-only pages are kept, and stay read-only", arguments: BackingKind.allCases)
    func readOnly(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(5, .atOnce)
        Contents.set(3, at: range.start)
        _ = try memory.manager.protect(range, .readOnly, .off)
        try memory.manager.reset(range, whole: range)
        #expect(undo(memory, range) == nil)
        #expect(Access.to(range).allSatisfy { $0 == .read })
        #expect(Contents.at(range.start) == 3)
    }

    // Source: behaviour 7.4.
    @Test("a range outside one allocation is refused", arguments: BackingKind.allCases)
    func refusals(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(20, .atOnce)
        for wanted in [part(10..<21, of: range), part(20..<21, of: range)] {
            #expect(throws: MemoryError.rangeConflicts) {
                try memory.manager.reset(wanted, whole: wanted)
            }
            #expect(undo(memory, wanted) == .rangeConflicts)
        }
        #expect(memory.map.brokenInvariant() == nil)
    }
}
