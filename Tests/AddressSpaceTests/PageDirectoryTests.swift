// Which tables exist.

import TestSupport
import Testing

@testable import AddressSpace

@Suite("Page directory")
struct PageDirectoryTests {
    private let test = TestMap(tablesOf: [])
    private var directory: PageDirectory { test.map.directory }

    private func has(_ page: UInt) -> Bool { directory.table(of: page) != nil }

    @Test("a fresh directory has no table", arguments: BoundarySetTests.edges)
    func fresh(page: UInt) { #expect(!has(page)) }

    @Test("a table covers its 4 GiB and nothing else")
    func coverage() {
        test.install(tableOf: 1 << 20 | 77)
        #expect(!has((1 << 20) - 1))
        #expect(has(1 << 20))
        #expect(has((2 << 20) - 1))
        #expect(!has(2 << 20))
    }

    @Test("the second table for the same pages is refused")
    func secondTable() {
        let (first, second) = (ZeroedBlock(byteCount: 4096), ZeroedBlock(byteCount: 4096))
        #expect(directory.install(tableOf: 5, storage: first.address))
        #expect(!directory.install(tableOf: 6, storage: second.address))
    }

    @Test("the directory has room for a table of every page of the map")
    func extent() {
        #expect(PageTableLayout.tableCount << PageTableLayout.pageShift == Page.endOfMap)
        test.install(tableOf: Page.endOfMap - 1)
        #expect(has(Page.endOfMap - 1))
    }
}
