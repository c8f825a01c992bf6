// Stretches of prepared granules: how many there are, which are joined, and which are given up.

import AddressSpace
import LinuxKernel
import Testing

@testable import MemoryManager

@Suite("Islands", .enabled(if: GuardMarkers.areAvailable()))
struct IslandsTests {
    private let memory = TestMemory(.guarded)
    private var islands: Islands { memory.manager.islands }
    private var count: UInt64 { unsafe memory.storage.islands[0].load(ordering: .relaxed) }

    private func setCount(_ count: UInt64) {
        unsafe memory.storage.islands[0].store(count, ordering: .relaxed)
    }

    /// Commits the first page of granule `number` of `range`.
    private func commit(_ number: UInt, of range: PageRange) throws {
        try memory.commit(part(number * 16..<number * 16 + 1, of: range))
    }

    /// The granules of `range` that are prepared.
    private func prepared(in range: PageRange) -> [UInt] {
        let first = range.start / 16
        return (0..<range.pageCount / 16).filter {
            memory.manager.granules.prepared.contains(first + $0)
        }
    }

    @Test("each separately prepared island counts once")
    func counting() throws {
        let range = try memory.reserve(16 * 100)
        for number: UInt in [10, 30, 50] { try commit(number, of: range) }
        #expect(count == 3)
        #expect(prepared(in: range) == [10, 30, 50])
        try memory.commit(part(10 * 16..<11 * 16, of: range))
        try commit(11, of: range)
        #expect(count == 3, "it has become longer")
        try memory.commit(part(31 * 16..<50 * 16, of: range))
        #expect(count == 2, "two have become one")
    }

    @Test("a divided island counts as two, and a removed island no longer counts")
    func parting() throws {
        let range = try memory.reserve(16 * 100, .atOnce)
        let other = try memory.reserve(16)
        let before = count
        try memory.manager.decommit(part(16 * 16..<48 * 16, of: range))
        #expect(count == before + 1)
        #expect(Access.to(part(255..<258, of: range)) == [.write, .none, .none])
        try memory.commit(other)
        try memory.manager.decommit(range)
        #expect(count <= before + 1)
    }

    @Test("a new island near another is joined to it by prepared, inaccessible granules")
    func joining() throws {
        let range = try memory.reserve(16 * 100)
        try commit(10, of: range)
        try commit(15, of: range)
        #expect(count == 1)
        #expect(prepared(in: range) == Array(10...15))
        try commit(21, of: range)
        #expect(count == 2, "too far")
        let inBetween = part(16 * 10 + 1..<16 * 15, of: range)
        #expect(Access.to(inBetween).allSatisfy { $0 == .none })
        try memory.commit(inBetween)
        #expect(Access.to(inBetween).allSatisfy { $0 == .write })
        for page in inBetween.start..<inBetween.end { #expect(Contents.at(page) == 0) }
    }

    @Test(
        "the more islands there are, the further apart they are joined",
        arguments: [(0, 4), (8191, 4), (8192, 32), (12_287, 32), (12_288, 64), (20_000, 256)]
            as [(UInt64, UInt)])
    func reach(count: UInt64, expected: UInt) throws {
        let range = try memory.reserve(16 * 600)
        try commit(0, of: range)
        // A commit that finds too many of them counts anew.
        setCount(count)
        #expect(islands.reach == expected)
        try commit(expected + 1, of: range)
        #expect(prepared(in: range).count == Int(expected) + 2)
        setCount(count)
        try commit(2 * expected + 3, of: range)
        #expect(prepared(in: range).count == Int(expected) + 3)
        #expect(Access.to(part(16..<48, of: range)).allSatisfy { $0 == .none })
    }

    @Test("islands are not joined across claimed pages")
    func claimed() throws {
        let range = try memory.reserve(16 * 20)
        try commit(2, of: range)
        let slot = try #require(memory.storage.slots.take(for: 4_000_000, at: 0))
        slot.setClaim(part(16 * 4..<16 * 4 + 1, of: range))
        memory.map.claims.announce(slot)
        try commit(5, of: range)
        #expect(prepared(in: range) == [2, 5])
        memory.map.claims.withdraw(slot)
        slot.giveBack()
    }

    /// The largest number of islands that is not too many.
    private let most = UInt(Islands.fewest)
    /// The distance between islands in granules, large enough that they are not joined.
    private let apart: UInt = 6

    private func commitMost(of range: PageRange) throws {
        for number in 0..<most { try commit(number * apart, of: range) }
        #expect(count == UInt64(most), "not too many yet")
    }

    private func decommit(_ numbers: Range<UInt>, of range: PageRange) throws {
        for number in numbers {
            let page = number * apart * 16
            try memory.manager.decommit(part(page..<page + 1, of: range))
        }
    }

    @Test("islands without committed pages are given up when there are many islands")
    func givingUp() throws {
        let range = try memory.reserve(16 * apart * (most + 10))
        try commitMost(of: range)
        try decommit(0..<most - 4, of: range)
        #expect(count == UInt64(most), "the short way looks for none")
        let mappings = KernelMappings.count(in: range)
        try commit((most + 1) * apart, of: range)
        #expect(count == 5)
        #expect(
            prepared(in: range)
                == [most - 4, most - 3, most - 2, most - 1, most + 1].map { $0 * apart })
        #expect(KernelMappings.count(in: range) <= mappings - 2 * Int(most - 10))
        #expect(Access.to(part(0..<apart * 16, of: range)).allSatisfy { $0 == .none })
        for number in [0, most - 4] {
            try commit(number * apart, of: range)
            #expect(Access.to(range.start + number * apart * 16) == .write)
        }
    }

    @Test("an island with a committed page is kept")
    func inUse() throws {
        let range = try memory.reserve(16 * apart * (most + 10))
        try commitMost(of: range)
        Contents.set(5, at: range.start)
        try decommit(1..<most - 1, of: range)
        try commit((most + 1) * apart, of: range)
        #expect(prepared(in: range) == [0, most - 1, most + 1].map { $0 * apart })
        #expect(Contents.at(range.start) == 5)
        #expect(count == 3)
    }

    @Test("while no page is committed, few islands count as too many")
    func leftOver() throws {
        let range = try memory.reserve(16 * 20 * 10)
        for number in 0..<UInt(6) { try commit(number * 20, of: range) }
        for number in 0..<UInt(5) {
            try memory.manager.decommit(part(number * 320..<number * 320 + 1, of: range))
        }
        #expect(prepared(in: range).count == 6)
        try memory.manager.decommit(part(5 * 320..<5 * 320 + 1, of: range))
        #expect(prepared(in: range).isEmpty)
        #expect(count == 0)
        #expect(KernelMappings.count(in: range) == 1)
    }

    @Test("the release of a block that leaves its place ends the last use of islands, too")
    func leftOverByPlace() throws {
        let range = try memory.reserve(16 * 20 * 10)
        let block = try memory.reserve(256, .atOnce)
        for number in 0..<UInt(6) { try commit(number * 20, of: range) }
        for number in 0..<UInt(6) {
            try memory.manager.decommit(part(number * 320..<number * 320 + 1, of: range))
        }
        #expect(prepared(in: range).count == 6)
        try memory.manager.releaseCommitted(allocationBasedAt: block.start)
        #expect(prepared(in: range).isEmpty)
    }

    @Test("one thread at a time searches for idle islands; after a fork the child may search")
    func looking() {
        #expect(islands.beginLooking())
        #expect(!islands.beginLooking())
        islands.adopt()
        #expect(islands.beginLooking())
        islands.endLooking(found: UInt64(most))
        #expect(count == UInt64(most))
        setCount(UInt64(most) * 2)
        #expect(!islands.areTooMany, "twice as many as were left are not")
        setCount(UInt64(most) * 2 + 1)
        #expect(islands.areTooMany)
        islands.endLooking(found: 1)
        setCount(UInt64(most))
        #expect(!islands.areTooMany, "few never are")
    }

    @Test("a count below zero does not start a search for idle islands")
    func wrongCount() {
        setCount(UInt64.max)
        #expect(!islands.areTooMany)
    }
}
