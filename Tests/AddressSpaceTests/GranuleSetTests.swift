// Facts about granules: which are prepared for guard markers, and which are to be put in order.

import TestSupport
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

    @Test("inserting one page inserts its granule")
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

    @Test("no granule is in the set where there is no table")
    func noTable() {
        prepared.insert(granules(Self.granulesPerTable * 3..<Self.granulesPerTable * 3 + 1))
        #expect(!prepared.contains(Self.granulesPerTable * 3))
    }

    @Test("the prepared and the unsettled granules do not change each other")
    func kinds() {
        prepared.insert(granules(0..<64))
        unsettled.insert(granules(60..<70))
        unsettled.remove(granules(62..<63))
        #expect(all(in: 0..<80) == Array(0..<64))
        #expect((0..<80).filter(unsettled.contains) == [60, 61] + Array(63..<70))
        prepared.remove(granules(0..<80))
        #expect((0..<80).filter(unsettled.contains) == [60, 61] + Array(63..<70))
    }

    @Test(
        "a range with a page in a granule of the set is noticed",
        arguments: [
            (0..<160, false), (159..<161, true), (175..<176, true), (176..<177, false),
            (0..<1600, true), (100..<165, true), (170..<400, true), (176..<16_000, false),
        ] as [(Range<UInt>, Bool)])
    func containsAny(range: Range<UInt>, expected: Bool) {
        prepared.insert(granules(10..<11))
        #expect(prepared.containsAny(of: pages(range)) == expected)
    }

    @Test("the runs of a set are found one after another, cut off at the end of the search")
    func runs() {
        let edge = Self.granulesPerTable
        for range in [3..<5, 63..<65, 200..<300, edge - 2..<edge + 2] as [Range<UInt>] {
            prepared.insert(granules(range))
        }
        var found: [Range<UInt>] = []
        var granule: UInt = 0
        while let run = prepared.run(from: granule, to: edge * 4) {
            found.append(run.start..<run.end)
            granule = run.end
        }
        #expect(found == [3..<5, 63..<65, 200..<300, edge - 2..<edge + 2])
        let inside = prepared.run(from: 250, to: 260)
        #expect(inside?.start == 250 && inside?.end == 260)
        #expect(prepared.run(from: 5, to: 63) == nil)
        #expect(prepared.run(from: edge * 3, to: edge * 4) == nil, "there is no table")
    }

    @Test("the first granule of a run is found, no lower than the limit")
    func startOfRun() {
        prepared.insert(granules(60..<80))
        #expect(prepared.startOfRun(around: 75, notBelow: 0) == 60)
        #expect(prepared.startOfRun(around: 80, notBelow: 0) == 60, "the run ends there")
        #expect(prepared.startOfRun(around: 75, notBelow: 70) == 70)
        #expect(prepared.startOfRun(around: 60, notBelow: 0) == 60)
        #expect(prepared.startOfRun(around: 50, notBelow: 0) == 50)
        prepared.insert(granules(0..<3))
        #expect(prepared.startOfRun(around: 2, notBelow: 0) == 0)
    }

    @Test("the highest granule below another is found only within reach")
    func lastBelow() {
        prepared.insert(granules(10..<12))
        #expect(prepared.last(below: 12, within: 1) == 11)
        #expect(prepared.last(below: 20, within: 9) == 11)
        #expect(prepared.last(below: 20, within: 8) == nil)
        #expect(prepared.last(below: 11, within: 5) == 10)
        #expect(prepared.last(below: 5, within: 100) == nil)
        prepared.insert(granules(0..<1))
        #expect(prepared.last(below: 3, within: 3) == 0)
    }
}
