// Finding room for a new allocation.

import TestSupport
import Testing

@testable import AddressSpace

@Suite("Gaps")
struct GapsTests {
    private let test = TestMap(tablesOf: [highTable])

    init() { test.openArena(high(1600..<16000)) }

    private func gap(_ placing: PlacementRequest) -> PageRange? { test.gap(for: placing) }

    @Test("the lowest gap that fits is taken by default")
    func lowest() {
        test.reserve(high(1600..<1616))
        #expect(gap(PlacementRequest(pageCount: 17)) == high(1616..<1633))
    }

    // Source: behaviour 3.35.
    @Test("with TOP_DOWN the highest gap is taken, at a granule")
    func highest() {
        let placing = PlacementRequest(pageCount: 17, direction: .highestFirst)
        #expect(gap(placing) == high(15968..<15985))
        test.reserve(high(15984..<16000))
        #expect(gap(placing) == high(15952..<15969))
    }

    // Source: behaviour 2.5.
    @Test("the rest of a granule behind an allocation is not used")
    func restOfGranule() {
        test.reserve(high(1600..<1601))
        #expect(gap(PlacementRequest(pageCount: 1)) == high(1616..<1617))
    }

    @Test(
        "gaps that are too small are skipped",
        arguments: [PlacementRequest.Direction.lowestFirst, .highestFirst])
    func tooSmall(direction: PlacementRequest.Direction) {
        test.reserve(high(1632..<1648))
        test.reserve(high(15952..<15968))
        let found = gap(PlacementRequest(pageCount: 33, direction: direction))
        #expect(found?.start == highTable + (direction == .lowestFirst ? 1648 : 15904))
    }

    // Source: behaviour 10.7 to 10.11.
    @Test(
        "address limits and alignment are kept",
        arguments: [PlacementRequest.Direction.lowestFirst, .highestFirst])
    func limits(direction: PlacementRequest.Direction) {
        let placing = PlacementRequest(
            pageCount: 20, alignment: 0x40000, lowest: Page.address(of: highTable + 2001),
            end: Page.address(of: highTable + 3000), direction: direction)
        #expect(gap(placing)?.start == highTable + (direction == .lowestFirst ? 2048 : 2944))
    }

    @Test("a gap that ends exactly at the limit is found", arguments: [20, 21] as [UInt])
    func exactFit(pageCount: UInt) {
        let placing = PlacementRequest(
            pageCount: pageCount, lowest: Page.address(of: highTable + 2000),
            end: Page.address(of: highTable + 2020))
        #expect(gap(placing) == (pageCount == 20 ? high(2000..<2020) : nil))
    }

    @Test(
        "without a large enough gap the search finds none",
        arguments: [PlacementRequest.Direction.lowestFirst, .highestFirst])
    func none(direction: PlacementRequest.Direction) {
        #expect(gap(PlacementRequest(pageCount: 14401, direction: direction)) == nil)
        #expect(gap(PlacementRequest(pageCount: 1 << 35, direction: direction)) == nil)
        test.reserve(high(1600..<16000))
        #expect(gap(PlacementRequest(pageCount: 1, direction: direction)) == nil)
    }

    @Test("an aligned place is found in an arena of any size", arguments: [10, 19, 20, 21, 24])
    func alignedInLargeArena(shift: UInt) {
        let start: UInt = 3 << 20 | 0x300
        let test = TestMap(tablesOf: [start, 1 << 28])
        test.openArena(pages(start..<1 << 28))
        let alignment: UInt = 1 << shift
        for pageCount in [1, alignment / 2, alignment, alignment * 5] {
            let placing = PlacementRequest(
                pageCount: pageCount, alignment: Page.address(of: alignment))
            let expected = (start + alignment - 1) & ~(alignment - 1)
            #expect(test.gap(for: placing)?.start == expected, "\(pageCount) pages")
        }
    }

    // Source: behaviour 3.34.
    @Test("a released gap is found again even if the search has passed it before")
    func reuse() {
        for start in stride(from: UInt(1600), to: 3200, by: 16) {
            test.reserve(high(start..<start + 16))
        }
        #expect(gap(PlacementRequest(pageCount: 16)) == high(3200..<3216))
        test.release(high(2000..<2016))
        #expect(gap(PlacementRequest(pageCount: 16)) == high(2000..<2016))
    }

    @Test("a request that fits into the rest of a partly used gap finds it")
    func shrunkenGap() {
        let large = high(1600..<1664)
        test.reserve(large)
        for start in stride(from: UInt(1664), to: 8000, by: 16) {
            test.reserve(high(start..<start + 16))
        }
        #expect(gap(PlacementRequest(pageCount: 16)) == high(8000..<8016))
        test.release(large)
        test.reserve(high(1600..<1616))
        #expect(gap(PlacementRequest(pageCount: 64)) == high(8000..<8064))
        #expect(gap(PlacementRequest(pageCount: 32)) == high(1616..<1648))
        #expect(gap(PlacementRequest(pageCount: 16)) == high(1616..<1632))
    }

    @Test(
        "a very large request does not hide smaller gaps from later requests",
        arguments: [11, 12, 13, 16])
    func largeRequests(shift: UInt) {
        // In granules: the smallest gap of the largest class, and a multiple of it.
        let (least, large) = (UInt(1) << 11, UInt(1) << shift)
        let start: UInt = 3 << 20
        let test = TestMap(tablesOf: [start, 12 << 20])
        test.openArena(pages(start..<12 << 20))
        let block = pages(start..<start + least * 16)
        test.reserve(block)
        for index in 0..<UInt(10) {
            test.reserve(pages(block.end + index * 32..<block.end + index * 32 + 16))
        }
        test.release(block)
        _ = test.gap(for: PlacementRequest(pageCount: large * 16))
        #expect(test.gap(for: PlacementRequest(pageCount: least * 16)) == block)
    }

    @Test(
        "the first available and the first free pages of a size are found"
    )
    func firsts() {
        test.reserve(high(1616..<1632))
        #expect(test.map.firstAvailable(least: 16) == high(1600..<1616))
        #expect(test.map.firstAvailable(least: 17) == high(1632..<16000))
        #expect(test.map.firstAvailable(least: 15000) == nil)
        #expect(test.map.firstUnowned(in: high(1500..<20000)) == high(1500..<1600))
        #expect(test.map.firstUnowned(in: high(1700..<20000)) == high(16000..<20000))
        #expect(test.map.firstUnowned(in: high(1700..<1800)) == nil)
    }
}
