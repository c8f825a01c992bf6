// The remembered place of the lowest large gap: a hint that must never change an answer.

import TestSupport
import Testing

@testable import AddressSpace

@Suite("Frontier")
struct FrontierTests {
    private let test = TestMap(tablesOf: [highTable])
    private var map: AddressMap { test.map }
    private let arena = high(1600..<400_000)
    private let anywhere = PlacementRequest(pageCount: 16)

    init() { test.openArena(arena) }

    @Test("reservations follow each other, whether the frontier is known or not")
    func following() {
        for index: UInt in 0..<100 {
            if index % 3 == 0 { map.frontier = 0 }
            let place = map.gap(for: anywhere)
            #expect(place == high(1600 + index * 16..<1616 + index * 16))
            test.reserve(place!)
        }
        #expect(map.brokenInvariant() == nil)
    }

    @Test(
        "a frontier at which no large gap begins is ignored",
        arguments: [
            1, highTable + 1601, highTable + 1700, highTable + 399_999, 1 << 34,
        ] as [UInt])
    func nonsense(page: UInt) {
        test.reserve(high(1600..<1616))
        map.frontier = page
        #expect(map.placeAtFrontier(16) == nil)
        #expect(map.gap(for: anywhere) == high(1616..<1632))
    }

    @Test("a frontier whose gap has become small is ignored")
    func shrunk() {
        #expect(map.gap(for: anywhere)?.start == highTable + 1600)
        map.frontier = highTable + 1600
        test.reserve(high(1616..<1632))
        #expect(map.placeAtFrontier(16) == nil)
        #expect(map.gap(for: anywhere)?.start == highTable + 1600)
    }

    @Test("a smaller gap that fits is preferred")
    func smaller() {
        for start: UInt in [1600, 1616, 1632, 1648] { test.reserve(high(start..<start + 16)) }
        test.release(high(1616..<1632))
        #expect(map.placeAtFrontier(16) == nil)
        #expect(map.gap(for: anywhere) == high(1616..<1632))
        #expect(map.gap(for: PlacementRequest(pageCount: 17)) == high(1664..<1681))
    }

    @Test(
        "a very large request gets the place at the frontier, or a higher one",
        arguments: [(50_000, 1616), (98_384, 1616), (98_385, 100_016), (200_000, 100_016)]
            as [(UInt, UInt)])
    func vast(pageCount: UInt, expected: UInt) {
        test.reserve(high(1600..<1616))
        test.reserve(high(100_000..<100_016))
        for isKnown in [true, false] {
            map.frontier = isKnown ? highTable + 1616 : 0
            let place = map.gap(for: PlacementRequest(pageCount: pageCount))
            #expect(place == high(expected..<expected + pageCount))
        }
        #expect(map.gap(for: PlacementRequest(pageCount: 400_000)) == nil)
    }

    @Test("a release directly below the frontier moves it down")
    func movingBack() {
        test.reserve(high(1600..<1616))
        test.reserve(high(1616..<1632))
        test.release(high(1616..<1632))
        #expect(map.frontier == highTable + 1616)
        #expect(map.placeAtFrontier(16) == high(1616..<1632))
        test.release(high(1600..<1616))
        #expect(map.placeAtFrontier(16) == high(1600..<1616))
        #expect(map.brokenInvariant() == nil)
    }

    @Test(
        "a gap counts as clear only if it stays large after 128 MiB are cut off",
        arguments: [(0, true), (1, false), (40_000, true)] as [(UInt, Bool)])
    func clear(distance: UInt, expected: Bool) {
        // One allocation near the end of a block of 2^15 pages, or two blocks further.
        let start: UInt = highTable + 1600
        if distance != 0 {
            test.reserve(
                high(32_768 + distance * 16 / 10 * 10..<(32_768 + distance * 16 / 10 * 10) + 16))
        }
        #expect(map.isClear(behind: start) == expected)
    }

    @Test("requests with a direction, limits or an alignment do not use the frontier")
    func placings() {
        #expect(map.gap(for: anywhere)?.start == highTable + 1600)
        var topDown = anywhere
        topDown.direction = .highestFirst
        #expect(map.gap(for: topDown) == high(399_984..<400_000))
        var limited = anywhere
        limited.lowest = Page.address(of: highTable + 3200)
        #expect(map.gap(for: limited) == high(3200..<3216))
        var aligned = anywhere
        aligned.alignment = 1 << 21
        #expect(map.gap(for: aligned) == high(2048..<2064))
    }
}
