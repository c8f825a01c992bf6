// The mapped backing's decommit while other threads are in the kernel: contents go first, by themselves.

import AddressSpace
import Glibc
import LinuxKernel
import Testing

@testable import MemoryManager

@Suite("Replacing mappings")
struct ReplacingTests {
    private let memory = TestMemory(.mapped)

    /// Another thread's claim, on pages of its own.
    private func beside<Result>(_ work: () throws -> Result) throws -> Result {
        let pages = try memory.reserve(16)
        let slot = try #require(memory.storage.slots.take(for: 4_000_000, at: 0))
        slot.setClaim(pages)
        memory.map.claims.announce(slot)
        defer {
            memory.map.claims.withdraw(slot)
            slot.giveBack()
        }
        return try work()
    }

    private func expectGone(_ range: PageRange) throws {
        #expect(Access.to(range).allSatisfy { $0 == .none })
        for page in range.start..<range.end { #expect(memory.state(page) == .reserved) }
        try memory.commit(range)
        for page in range.start..<range.end { #expect(Contents.at(page) == 0) }
        #expect(memory.map.brokenInvariant() == nil)
    }

    // Source: behaviour 2.8, 4.3, 4.5.
    @Test(
        "pages decommitted beside other threads are inaccessible, and zero once committed again",
        arguments: [4..<5, 4..<8, 6..<8])
    func decommit(offsets: Range<UInt>) throws {
        let range = try memory.reserve(16)
        let committed = part(4..<8, of: range)
        try memory.commit(committed)
        for page in committed.start..<committed.end { Contents.set(7, at: page) }
        let gone = part(offsets, of: range)
        try beside { try memory.manager.decommit(gone) }
        #expect(memory.map.charge.pageCount == 4 - gone.pageCount)
        for page in committed.start..<committed.end
        where page < gone.start || page >= gone.end { #expect(Contents.at(page) == 7) }
        try expectGone(gone)
    }

    @Test("pages that the program has locked are decommitted too")
    func locked() throws {
        let page = part(4..<5, of: try memory.reserve(16))
        try memory.commit(page)
        Contents.set(7, at: page.start)
        #expect(unsafe mlock(UnsafeRawPointer(bitPattern: page.base), 4096) == 0)
        try beside { try memory.manager.decommit(page) }
        try expectGone(page)
    }

    @Test("a block that is released beside other threads is free and inaccessible")
    func release() throws {
        let range = try memory.reserve(16, .atOnce)
        Contents.set(7, at: range.start)
        try beside { try memory.manager.releaseCommitted(allocationBasedAt: range.start) }
        #expect(Access.to(range).allSatisfy { $0 == .none })
        #expect(memory.map.freeState(of: range) != nil)
        #expect(memory.map.charge.pageCount == 0)
        #expect(memory.map.brokenInvariant() == nil)
    }
}
