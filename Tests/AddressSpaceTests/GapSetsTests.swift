// Gaps by size.

import TestSupport
import Testing

@testable import AddressSpace

@Suite("Gap sets")
struct GapSetsTests {
    private let test = TestMap()
    private var gaps: GapSets { test.map.gaps }

    /// Where the gaps of each class end that has any, in granules.
    private var found: [UInt: [UInt]] {
        var found: [UInt: [UInt]] = [:]
        for sizeClass in 0..<GapSets.classCount {
            var page = gaps[sizeClass].next(from: 0)
            while page < Page.endOfMap {
                found[sizeClass, default: []].append(page / 16)
                page = gaps[sizeClass].next(from: page + 1)
            }
        }
        return found
    }

    private func granules(_ range: Range<UInt>) -> PageRange {
        pages(range.lowerBound * 16..<range.upperBound * 16)
    }

    @Test(
        "the class of a gap is the power of two of its granules, up to the last class",
        arguments: [
            (1, 0), (2, 1), (3, 1), (4, 2), (1023, 9), (1024, 10), (2047, 10), (2048, 11),
            (4096, 11),
            (1 << 30, 11),
        ] as [(UInt, UInt)])
    func sizeClass(granuleCount: UInt, expected: UInt) {
        let end = (100 + granuleCount) * 16
        #expect(GapSets.sizeClass(ofGapFrom: 1600, to: end) == expected)
        #expect(GapSets.sizeClass(ofGapFrom: 1600 - 15, to: end - 15) == expected)
    }

    @Test(
        "a gap in which no granule begins has no class",
        arguments: [1600..<1600, 1601..<1615, 1601..<1616, 1615..<1616] as [Range<UInt>])
    func noClass(range: Range<UInt>) {
        #expect(GapSets.sizeClass(ofGapFrom: range.lowerBound, to: range.upperBound) == nil)
    }

    @Test("every gap of a higher class than the request's has room for the request")
    func firstClass() {
        for pageCount: UInt in [1, 16, 17, 32, 33, 100, 1000, 16_384, 100_000, 1 << 34] {
            let first = GapSets.firstClass(holding: pageCount)
            #expect(first < GapSets.classCount)
            if first + 1 < GapSets.classCount { #expect((16 << (first + 1)) - 15 >= pageCount) }
            #expect(first == 0 || 8 << first < pageCount)
        }
    }

    @Test("an arena is one gap, and two after a reservation in its middle")
    func cutting() {
        test.openArena(granules(100..<164))
        #expect(found == [6: [164]])
        test.reserve(granules(108..<110))
        #expect(found == [3: [108], 5: [164]])
        test.reserve(granules(100..<108))
        #expect(found == [5: [164]])
        test.reserve(granules(110..<164))
        #expect(found.isEmpty)
        #expect(test.map.brokenInvariant() == nil)
    }

    @Test(
        "a released range joins the gaps that touch it",
        arguments: [[0, 1, 2], [2, 0, 1], [1, 2, 0]])
    func joining(order: [UInt]) {
        test.openArena(granules(100..<148))
        for index: UInt in 0..<3 { test.reserve(granules(100 + index * 16..<116 + index * 16)) }
        for index in order { test.release(granules(100 + index * 16..<116 + index * 16)) }
        #expect(found == [5: [148]])
        #expect(test.map.brokenInvariant() == nil)
    }

    @Test("the rest of a granule behind an allocation is not a gap")
    func restOfGranule() {
        test.openArena(granules(100..<102))
        test.reserve(pages(1600..<1603))
        #expect(found == [0: [102]])
        test.reserve(granules(101..<102))
        #expect(found.isEmpty)
        test.release(pages(1600..<1603))
        #expect(found == [0: [101]])
    }

    @Test("giving an arena back removes its gaps")
    func closing() {
        test.openArena(granules(100..<164))
        test.reserve(granules(120..<124))
        test.transact { test.map.setFree(granules(124..<164), to: .unowned, &$0) }
        #expect(found == [4: [120]])
        test.transact { test.map.setFree(granules(110..<120), to: .unowned, &$0) }
        #expect(found == [3: [110]])
        #expect(test.map.brokenInvariant() == nil)
    }
}
