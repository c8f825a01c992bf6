// The words of one table.

import Testing

@testable import AddressSpace

@Suite("Page tables")
struct PageTableTests {
    private let test = TestMap(tablesOf: [0, 1 << 20])
    private static let last = PageTableLayout.pageCount - 1

    private func table(_ page: UInt) throws -> PageTable {
        try #require(test.map.directory.table(of: page))
    }

    @Test("the state of each page is its own", arguments: [0, 1, 2, 3, 4, 4093, last] as [UInt])
    func states(page: UInt) throws {
        let table = try table(page)
        test.transact { table.setState(.committed(.readWrite), at: page, &$0) }
        for other in [0, 1, 2, 3, 4, 5, 4092, 4093, Self.last] as [UInt] {
            #expect(table.state(at: other) == (other == page ? .committed(.readWrite) : .free))
        }
        test.transact { table.setState(.reserved, at: page, &$0) }
        #expect(table.state(at: page) == .reserved)
    }

    @Test(
        "the attributes of each page are its own, first of a granule or not",
        arguments: [0, 1, 15, 16, 17, 32, 33, last - 15, last] as [UInt])
    func attributes(page: UInt) throws {
        let table = try table(page)
        let fresh = table.attributes(at: page)
        let attributes = AllocationAttributes(
            initialProtection: PageProtection(.executeReadWrite), placement: .ownMapping)
        test.transact { table.setAttributes(attributes, at: page, &$0) }
        for other in [0, 1, 2, 15, 16, 17, 32, 33, Self.last - 15, Self.last] as [UInt] {
            #expect(table.attributes(at: other) == (other == page ? attributes : fresh))
        }
    }

    @Test("a table knows nothing of pages 4 GiB away")
    func tablesAreApart() throws {
        let (low, high) = (try table(5), try table(5 + PageTableLayout.pageCount))
        test.transact { low.setState(.reserved, at: 5, &$0) }
        #expect(high.state(at: 5 + PageTableLayout.pageCount) == .free)
    }

    @Test("the parts of a table do not overlap, and fit in its bytes")
    func layout() throws {
        let parts: [(start: UInt, wordCount: UInt)] = [
            (PageTableLayout.boundaries, BoundarySet.count * PageTableLayout.boundaryWordCount),
            (PageTableLayout.states, PageTableLayout.pageCount / 4 + 1),
            (PageTableLayout.granuleAttributes, PageTableLayout.pageCount / 32),
            (PageTableLayout.pageAttributes, PageTableLayout.pageCount / 2),
            (PageTableLayout.backing, 1024),
            (PageTableLayout.contents, PageTableLayout.pageCount / 64),
        ]
        for (part, next) in zip(parts, parts.dropFirst()) {
            #expect(part.start + part.wordCount <= next.start)
        }
        let last = try #require(parts.last)
        #expect((last.start + last.wordCount) * 8 <= PageTableLayout.byteCount)
        #expect(PageTableLayout.byteCount % Page.byteCount == 0)
    }
}
