// Searches for gaps that end early, and gaps that are left alone.

import TestSupport
import Testing

@testable import AddressSpace

@Suite("Gaps, bounded searches")
struct GapSearchTests {
    private static let mostTried: UInt = 64
    /// As many granules as a request needs, and one less: gaps of one class.
    private static let (needed, tooFew): (UInt, UInt) = (3, 2)

    /// Gaps that are too small, then (seen from where the search begins) one that fits exactly, and one that is
    /// larger if there is to be.
    private func scene(
        _ smallCount: UInt, _ direction: PlacementRequest.Direction, hasLarge: Bool
    ) -> (test: TestMap, exact: PageRange, large: PageRange?) {
        let test = TestMap(tablesOf: [highTable])
        let sizes =
            Array(repeating: Self.tooFew, count: Int(smallCount)) + [Self.needed]
            + (hasLarge ? [20] : [])
        let ordered = direction == .lowestFirst ? sizes : sizes.reversed()
        var gaps: [PageRange] = []
        var granule: UInt = 100
        for size in ordered {
            gaps.append(high(granule * 16..<(granule + size) * 16))
            granule += size + 1
        }
        test.openArena(high(1600..<granule * 16))
        for gap in gaps { test.reserve(PageRange(from: gap.end, to: gap.end + 16)) }
        if direction == .highestFirst { gaps.reverse() }
        return (test, gaps[Int(smallCount)], hasLarge ? gaps.last : nil)
    }

    private func placing(_ direction: PlacementRequest.Direction) -> PlacementRequest {
        PlacementRequest(pageCount: Self.needed * 16, direction: direction)
    }

    private static let directions = [PlacementRequest.Direction.lowestFirst, .highestFirst]

    @Test("a gap that is among the first 64 of its class is found", arguments: directions)
    func few(direction: PlacementRequest.Direction) {
        let scene = scene(Self.mostTried - 1, direction, hasLarge: true)
        #expect(scene.test.gap(for: placing(direction)) == scene.exact)
    }

    @Test("after 64 gaps that are too small the search takes a larger one", arguments: directions)
    func many(direction: PlacementRequest.Direction) throws {
        let scene = scene(Self.mostTried, direction, hasLarge: true)
        let large = try #require(scene.large)
        let found = try #require(scene.test.gap(for: placing(direction)))
        #expect(large.contains(found))
        #expect(direction == .lowestFirst ? found.start == large.start : found.end == large.end)
    }

    @Test(
        "without a larger gap every gap is tried", arguments: directions, [64, 65, 300] as [UInt])
    func all(direction: PlacementRequest.Direction, smallCount: UInt) {
        let scene = scene(smallCount, direction, hasLarge: false)
        #expect(scene.test.gap(for: placing(direction)) == scene.exact)
    }
}

@Suite("Gaps at low addresses")
struct LowGapsTests {
    private let test = TestMap(tablesOf: [0, highTable])
    private static let directions = [PlacementRequest.Direction.lowestFirst, .highestFirst]

    private func gap(
        _ direction: PlacementRequest.Direction,
        _ change: (inout PlacementRequest) -> Void = { _ in }
    ) -> PageRange? {
        var placing = PlacementRequest(pageCount: 16, direction: direction)
        change(&placing)
        return test.gap(for: placing)
    }

    @Test("requests without limits do not use low addresses", arguments: directions)
    func left(direction: PlacementRequest.Direction) {
        test.openArena(pages(1600..<3200))
        #expect(gap(direction) == nil)
        test.openArena(high(1600..<1632))
        #expect(gap(direction)?.start == highTable + (direction == .lowestFirst ? 1600 : 1616))
        test.reserve(high(1600..<1632))
        #expect(gap(direction) == nil)
    }

    @Test("requests with limits may use low addresses", arguments: directions)
    func limited(direction: PlacementRequest.Direction) {
        test.openArena(pages(1600..<3200))
        test.openArena(high(1600..<1632))
        let found = gap(direction) { $0.end = Page.endOfLowAddresses }
        #expect(found?.start == (direction == .lowestFirst ? 1600 : 3184))
        let behind = gap(direction) { $0.lowest = Page.address(of: 2000) }
        #expect(behind?.start == (direction == .lowestFirst ? 2000 : highTable + 1616))
    }

    @Test("requests without limits use low addresses once these are allowed", arguments: directions)
    func used(direction: PlacementRequest.Direction) {
        test.openArena(pages(1600..<3200))
        let found = gap(direction) { $0.lowAddresses = .used }
        #expect(found?.start == (direction == .lowestFirst ? 1600 : 3184))
    }

    @Test("of an arena across 4 GiB only the part above is used", arguments: directions)
    func across(direction: PlacementRequest.Direction) {
        test.openArena(pages(highTable - 160..<highTable + 24))
        #expect(gap(direction) == high(0..<16))
        test.reserve(high(0..<16))
        #expect(gap(direction) == nil)
        let found = gap(direction) { $0.lowAddresses = .used }
        #expect(found?.start == highTable - (direction == .lowestFirst ? 160 : 16))
    }
}
