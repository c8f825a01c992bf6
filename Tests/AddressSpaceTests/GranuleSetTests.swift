// Facts about granules: which are prepared for guard markers, and which are to be put in order.

import Testing

@testable import AddressSpace

@Suite("Granule sets")
struct GranuleSetTests {
    private static let granulesPerTable = PageTableLayout.pageCount / Page.perGranule
    private let test = TestMap(tablesOf: [0, 1 << 20])
    private var prepared: GranuleSet { GranuleSet(.prepared, directory: test.map.directory) }
    private var unsettled: GranuleSet { GranuleSet(.unsettled, directory: test.map.directory) }

    private func granules(_ range: Range<UInt>) -> PageRange {
        pages(range.lowerBound * 16..<range.upperBound * 16)
    }

    private func all(in range: Range<UInt>) -> [UInt] { range.filter(prepared.contains) }

    @Test(
        "inserting marks the granules of a range and no others",
        arguments: [
            0..<1, 5..<7, 63..<64, 63..<65, 0..<64, 1..<200, 64..<128,
            granulesPerTable - 1..<granulesPerTable + 1,
        ] as [Range<UInt>])
    func insert(range: Range<UInt>) {
        prepared.insert(granules(range))
        let around = range.lowerBound - min(range.lowerBound, 70)..<range.upperBound + 70
        #expect(all(in: around) == Array(range))
        prepared.remove(granules(range))
        #expect(all(in: around).isEmpty)
    }

    @Test("one page is enough to mark its granule")
    func onePage() {
        prepared.insert(pages(47..<49))
        #expect(all(in: 0..<10) == [2, 3])
    }

    @Test("removing leaves the neighbours in the same word")
    func remove() {
        prepared.insert(granules(0..<64))
        prepared.remove(granules(10..<20))
        #expect(all(in: 0..<64) == Array(0..<10) + Array(20..<64))
    }

    @Test("a run ends where a granule differs, or at the limit")
    func endOfRun() {
        prepared.insert(granules(10..<20))
        #expect(prepared.endOfRun(from: 0, to: 100) == 10)
        #expect(prepared.endOfRun(from: 10, to: 100) == 20)
        #expect(prepared.endOfRun(from: 12, to: 15) == 15)
        #expect(prepared.endOfRun(from: 20, to: 100) == 100)
    }

    @Test("counting below stops at a gap, at the limit, and at granule zero")
    func countBelow() {
        prepared.insert(granules(0..<5))
        prepared.insert(granules(10..<20))
        #expect(prepared.count(below: 20, atMost: 32) == 10)
        #expect(prepared.count(below: 20, atMost: 4) == 4)
        #expect(prepared.count(below: 10, atMost: 32) == 0)
        #expect(prepared.count(below: 5, atMost: 32) == 5)
    }

    @Test("where there is no table nothing is prepared")
    func noTable() {
        prepared.insert(granules(Self.granulesPerTable * 3..<Self.granulesPerTable * 3 + 1))
        #expect(!prepared.contains(Self.granulesPerTable * 3))
    }
}
