// Memory of the tables that goes back to the system.

import Synchronization
import Testing

@testable import AddressSpace
@testable import MemoryManager

@Suite("Memory of the tables")
struct TablesTests {
    private static let block = PageTableLayout.blockPageCount

    private let memory = TestMemory(.guarded)

    private func table(of page: UInt) throws -> PageTable {
        try #require(memory.map.directory.table(of: page))
    }

    /// A page of a large reservation in whose block nothing begins or ends; something did.
    private func idlePage() throws -> UInt {
        let range = try memory.reserve(3 * Self.block)
        let page = (range.start | (Self.block - 1)) + 1 + 1000
        let committed = PageRange(from: page, to: page + 1)
        try memory.commit(committed)
        try memory.manager.decommit(committed)
        return page
    }

    /// Whether the tables still hold what was last said of `page`, that nobody asks for any more.
    private func isKept(_ page: UInt) throws -> Bool {
        try table(of: page).state(at: page) != .unowned
    }

    private func tidy(_ page: UInt) {
        memory.map.memory.mark(tableOf: page)
        memory.manager.tidyMarkedTables()
    }

    @Test("table memory of a block without boundaries is given back")
    func idleBlock() throws {
        let page = try idlePage()
        #expect(try isKept(page))
        let before = memory.map.memory.pageCount
        let number = memory.manager.sequencer.number
        tidy(page)
        #expect(try !isKept(page))
        // One transaction makes the claim hold, one sends away whoever has read of the block since.
        #expect(memory.manager.sequencer.number == number + 2)
        #expect(memory.map.memory.pageCount == before - 6)
        #expect(memory.state(page) == .reserved)
        #expect(memory.map.brokenInvariant() == nil)
        try memory.commit(PageRange(from: page, to: page + 1))
        #expect(Access.to(page) == .write)
        #expect(memory.map.memory.pageCount == before)
        #expect(memory.map.brokenInvariant() == nil)
    }

    @Test("table memory of a block with a boundary is kept")
    func blockInUse() throws {
        let page = try idlePage()
        try memory.commit(PageRange(from: page + 5, to: page + 6))
        tidy(page)
        #expect(try isKept(page))
        #expect(memory.state(page + 5) == .committed(.readWrite))
    }

    @Test("the notes on reset pages stay until the allocation is released")
    func reset() throws {
        let range = try memory.reserve(3 * Self.block)
        let page = (range.start | (Self.block - 1)) + 1 + 1000
        // A boundary that comes and goes.
        try memory.commit(PageRange(from: range.start, to: page))
        try memory.commit(PageRange(from: page, to: range.end))
        Contents.set(7, at: page)
        let written = PageRange(from: page, to: page + 1)
        try memory.manager.reset(written, whole: written)
        let noted = NotedPages(directory: memory.map.directory)
        #expect(noted.containsAll(of: written))
        tidy(page)
        #expect(noted.containsAll(of: written))
        #expect(try isKept(page))
        try memory.release(range)
        tidy(page)
        #expect(try !isKept(page))
        #expect(memory.map.brokenInvariant() == nil)
    }

    @Test("all memory of a table without boundaries is given back")
    func idleTable() throws {
        let range = try memory.reserve(3 * PageTableLayout.pageCount)
        let page = (range.start | (PageTableLayout.pageCount - 1)) + 1 + 64
        let committed = PageRange(from: page, to: page + 4)
        try memory.commit(committed)
        let word = unsafe memory.map.runs.word(try table(of: page), level: 3, holding: page >> 15)
        #expect(unsafe payload(of: word) != 0)
        try memory.manager.decommit(committed)
        #expect(unsafe word.pointee.load(ordering: .relaxed) != 0)
        tidy(page)
        #expect(unsafe word.pointee.load(ordering: .relaxed) == 0)
        #expect(memory.map.brokenInvariant() == nil)
        // Its granule is prepared still: a commit is one call.
        try memory.commit(committed)
        #expect(Access.to(committed) == [.write, .write, .write, .write])
        #expect(memory.map.brokenInvariant() == nil)
    }

    @Test("an operation that began before the block was empty keeps its memory")
    func olderOperation() throws {
        let number = memory.manager.sequencer.number
        let slot = try #require(memory.storage.slots.take(for: 4_000_000, at: number))
        let page = try idlePage()
        tidy(page)
        #expect(try isKept(page))
        #expect(memory.map.memory.isAnyMarked, "to be tried again")
        slot.giveBack()
        memory.manager.tidyMarkedTables()
        #expect(try !isKept(page))
    }

    @Test("an operation that may still carry out the emptying transaction keeps the memory")
    func emptyingOperation() throws {
        let page = try idlePage()
        let emptied = try #require(memory.map.idlePages(around: page)).lastTransaction
        let slot = try #require(memory.storage.slots.take(for: 4_000_000, at: emptied))
        tidy(page)
        #expect(try isKept(page))
        slot.giveBack()
    }

    @Test("an operation that began after the block was empty does not keep its memory")
    func youngerOperation() throws {
        let page = try idlePage()
        _ = try memory.reserve(1)
        let number = memory.manager.sequencer.number
        let slot = try #require(memory.storage.slots.take(for: 4_000_000, at: number))
        tidy(page)
        #expect(try !isKept(page))
        slot.giveBack()
    }

    @Test("a helper that carries out a transaction keeps all table memory")
    func helper() throws {
        let page = try idlePage()
        let helpers = unsafe EraCounter(word: memory.storage.helpers)
        let helper = helpers.enter()
        tidy(page)
        #expect(try isKept(page))
        helpers.leave(helper)
        tidy(page)
        #expect(try !isKept(page))
    }

    @Test("a claim on the block, or on the page before it, keeps its memory", arguments: [0, 1])
    func claimed(pagesBefore: UInt) throws {
        let page = try idlePage()
        let first = (page & ~(Self.block - 1)) - pagesBefore
        let number = memory.manager.sequencer.number
        let slot = try #require(memory.storage.slots.take(for: 4_000_000, at: number + 100))
        slot.setClaim(PageRange(from: first, to: first + 1))
        memory.map.claims.announce(slot)
        tidy(page)
        #expect(try isKept(page))
        memory.map.claims.withdraw(slot)
        slot.giveBack()
        #expect(memory.claimCount == 0)
    }

    @Test("a table is marked when a block of it becomes idle, if there are many pages of tables")
    func marks() throws {
        let page = try idlePage()
        #expect(!memory.map.memory.isAnyMarked, "there are few")
        let others = try memory.reserve(200 * Self.block)
        for block in 0..<200 as Range<UInt> {
            let start = others.start + block * Self.block
            try memory.commit(PageRange(from: start, to: start + 1))
        }
        #expect(memory.map.memory.pageCount > 1024)
        let again = PageRange(from: page, to: page + 1)
        try memory.commit(again)
        #expect(!memory.map.memory.isAnyMarked)
        // Else the next operation might look for marked tables right away.
        #expect(memory.map.memory.beginLooking(at: memory.manager.sequencer.number))
        try memory.manager.decommit(again)
        #expect(memory.map.memory.isAnyMarked)
        let number = page >> PageTableLayout.pageShift
        #expect(memory.map.memory.takeMark(from: number + 1) == nil)
        #expect(memory.map.memory.takeMark(from: 0) == number)
        #expect(memory.map.memory.takeMark(from: 0) == nil)
    }

    @Test("marked tables are searched for every 32 transactions")
    func looking() {
        let tables = memory.map.memory
        tables.mark(tableOf: 0)
        #expect(tables.beginLooking(at: 1000))
        #expect(!tables.isAnyMarked)
        tables.mark(tableOf: 1 << 20)
        #expect(!tables.beginLooking(at: 1031))
        #expect(tables.isAnyMarked)
        #expect(tables.beginLooking(at: 1032))
        #expect(tables.takeMark(from: 0) == 0)
        #expect(tables.takeMark(from: 0) == 1)
    }
}
