// The words of one table.

import TestSupport
import Testing

@testable import AddressSpace

@Suite("Page tables")
struct PageTableTests {
    private let test = TestMap(tablesOf: [0, 1 << 20])
    private static let last = PageTableLayout.pageCount - 1
    private static let line = PageTableLayout.blockPageCount

    private func table(_ page: UInt) throws -> PageTable {
        try #require(test.map.directory.table(of: page))
    }

    @Test(
        "each page has its own state",
        arguments: [0, 1, 2, 3, 4, 5, 6, 4093, line - 1, line, line + 1, last] as [UInt])
    func states(page: UInt) throws {
        let table = try table(page)
        test.transact { table.setState(.committed(.readWrite), at: page, &$0) }
        let others: [UInt] = [
            0, 1, 2, 3, 4, 5, 6, 7, 4092, 4093, Self.line - 2, Self.line - 1, Self.line,
            Self.line + 1, Self.line + 2, Self.last,
        ]
        for other in others {
            #expect(table.state(at: other) == (other == page ? .committed(.readWrite) : .unowned))
        }
        test.transact { table.setState(.reserved, at: page, &$0) }
        #expect(table.state(at: page) == .reserved)
    }

    @Test(
        "each page has its own attributes, whether it begins a granule or not",
        arguments: [0, 1, 15, 16, 17, 32, 33, line - 1, line, last - 15, last] as [UInt])
    func attributes(page: UInt) throws {
        let table = try table(page)
        let fresh = table.attributes(at: page)
        let attributes = AllocationAttributes(
            initialProtection: PageProtection(.executeReadWrite), placement: .ownMapping)
        test.transact { table.setAttributes(attributes, at: page, &$0) }
        let others: [UInt] = [
            0, 1, 2, 15, 16, 17, 32, 33, Self.line - 1, Self.line, Self.last - 15, Self.last,
        ]
        for other in others {
            #expect(table.attributes(at: other) == (other == page ? attributes : fresh))
        }
    }

    @Test("a table does not describe pages 4 GiB away")
    func tablesAreApart() throws {
        let (low, high) = (try table(5), try table(5 + PageTableLayout.pageCount))
        test.transact { low.setState(.reserved, at: 5, &$0) }
        #expect(high.state(at: 5 + PageTableLayout.pageCount) == .unowned)
    }

    @Test("the states on both sides of a boundary are recorded, except at the end of a block")
    func bothSides() throws {
        for page in 1...Self.line + 20 {
            let table = try table(page)
            test.transact { table.setStates(.reserved, .available, around: page, &$0) }
            #expect(table.state(at: page) == .available)
            #expect(table.state(at: page - 1) == (page % Self.line == 0 ? .unowned : .reserved))
            test.transact { table.setStates(.unowned, .unowned, around: page, &$0) }
        }
    }

    @Test("the parts of a table do not overlap, and fit in its bytes")
    func layout() throws {
        let pageCount = PageTableLayout.pageCount
        try expectApart(
            [
                (PageTableLayout.boundaries, 2 * pageCount / 32),
                (PageTableLayout.granuleAttributes, pageCount / 32),
                (PageTableLayout.states, PageTableLayout.blockCount << 13),
                (PageTableLayout.blocks, 32 * PageTableLayout.blockWordCount),
                (PageTableLayout.upperLevels, BoundarySet.count * 33),
                (PageTableLayout.usedStretches, PageTableLayout.blockCount / 2),
                (PageTableLayout.backing, 1024),
            ], upTo: PageTableLayout.byteCount / 8)
        #expect(PageTableLayout.byteCount % Page.byteCount == 0)
    }

    @Test("the parts of a block do not overlap, and fit in its words")
    func blockLayout() throws {
        let pageCount = PageTableLayout.blockPageCount
        let stateWordCount = (pageCount + PageTableLayout.stateOffset + 5) / 6
        #expect(stateWordCount <= PageTableLayout.levelOneBehindStates)
        #expect(PageTableLayout.levelOneBehindStates + 2 * 32 <= 11 * 512, "no page more")
        try expectApart(
            [
                (PageTableLayout.levelOne, GapSets.setCount * 32),
                (PageTableLayout.noted, pageCount / 64),
                (PageTableLayout.unownedEnds, pageCount / 32),
                (PageTableLayout.pageAttributes, pageCount / 2),
            ], upTo: PageTableLayout.blockWordCount)
    }

    private func expectApart(
        _ parts: [(start: UInt, wordCount: UInt)], upTo end: UInt
    ) throws {
        for (part, next) in zip(parts, parts.dropFirst()) {
            #expect(part.start + part.wordCount <= next.start)
        }
        let last = try #require(parts.last)
        #expect(last.start + last.wordCount <= end)
    }
}
