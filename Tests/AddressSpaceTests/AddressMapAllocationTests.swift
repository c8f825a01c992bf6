// Making and removing allocations and arenas.

import TestSupport
import Testing

@testable import AddressSpace

@Suite("Allocations in the address map")
struct AddressMapAllocationTests {
    private let test = TestMap()
    private var map: AddressMap { test.map }

    init() { test.openArena(pages(1600..<16000)) }

    private func state(_ page: UInt) -> PageState { map.state(of: page) }

    @Test("a fresh map is one unowned extent")
    func fresh() {
        let test = TestMap(tablesOf: [])
        let map = test.map
        defer { withExtendedLifetime(test) {} }
        #expect(map.state(of: 12345) == .unowned)
        #expect(map.allocation(containing: 12345) == nil)
        #expect(map.freeState(of: pages(0..<Page.endOfMap)) == .unowned)
        #expect(map.brokenInvariant() == nil)
    }

    @Test("an arena is available and the pages around it are free")
    func arena() {
        #expect(
            [1599, 1600, 15999, 16000].map(state) == [.unowned, .available, .available, .unowned])
        #expect(map.allocation(containing: 1600) == nil)
        #expect(map.brokenInvariant() == nil)
    }

    @Test("adjacent arenas become one")
    func joiningArenas() {
        test.openArena(pages(16016..<17000))
        test.openArena(pages(16000..<16016))
        #expect(map.freeState(of: pages(1600..<17000)) == .available)
        #expect(map.brokenInvariant() == nil)
    }

    @Test(
        "a reservation takes exactly its pages, wherever in the arena it lies",
        arguments: [1600..<1601, 1600..<16000, 1616..<1633, 15984..<16000] as [Range<UInt>])
    func reserve(range: Range<UInt>) {
        test.reserve(pages(range), .executeRead)
        let allocation = map.allocation(containing: range.upperBound - 1)
        #expect(allocation?.range == pages(range))
        #expect(allocation?.attributes.initialProtection == PageProtection(.executeRead))
        #expect(state(range.lowerBound) == .reserved)
        #expect(map.allocation(containing: range.upperBound) == nil)
        #expect(map.allocation(containing: range.lowerBound - 1) == nil)
        #expect(map.brokenInvariant() == nil)
    }

    @Test("neighbouring reservations stay apart")
    func neighbours() {
        test.reserve(pages(1616..<1632))
        test.reserve(pages(1632..<1648))
        #expect(map.allocation(containing: 1631)?.range == pages(1616..<1632))
        #expect(map.allocation(containing: 1632)?.range == pages(1632..<1648))
        #expect(map.brokenInvariant() == nil)
    }

    // Source: behaviour 4.11.
    @Test(
        "a released allocation joins the available pages on both sides",
        arguments: [[0, 1, 2], [2, 1, 0], [1, 0, 2], [0, 2, 1]])
    func release(order: [UInt]) {
        let ranges = (0..<3).map { pages(1616 + $0 * 16..<1632 + $0 * 16) }
        for range in ranges { test.reserve(range) }
        for index in order {
            test.release(ranges[Int(index)])
            #expect(map.allocation(containing: ranges[Int(index)].start) == nil)
            #expect(map.brokenInvariant() == nil)
        }
        #expect(map.freeState(of: pages(1600..<16000)) == .available)
    }

    @Test("a released mapping of its own becomes free, not available")
    func releaseToFree() {
        test.reserve(pages(20000..<20010))
        test.release(pages(20000..<20010), to: .unowned)
        #expect(map.freeState(of: pages(16000..<30000)) == .unowned)
        #expect(map.brokenInvariant() == nil)
    }

    @Test("a range is free only if it lies in one gap or one unowned stretch")
    func freeState() {
        test.reserve(pages(1616..<1632))
        #expect(map.freeState(of: pages(1600..<1616)) == .available)
        #expect(map.freeState(of: pages(1600..<1617)) == nil)
        #expect(map.freeState(of: pages(1631..<1640)) == nil)
        #expect(map.freeState(of: pages(1500..<1600)) == .unowned)
        #expect(map.freeState(of: pages(1599..<1601)) == nil)
    }

    // The boundary behind the last page of a table belongs to the next table.
    @Test(
        "allocations end at, begin at, and lie across the edge of a table",
        arguments: [-16..<0, 0..<16, -16..<16, -(3 << 20)..<5 << 20] as [Range<Int>])
    func tableEdges(offsets: Range<Int>) {
        let edge = 8 << 20
        let range = PageRange(
            from: UInt(edge + offsets.lowerBound), to: UInt(edge + offsets.upperBound))
        let test = TestMap(tablesOf: [3 << 20, 20 << 20, range.start, range.end])
        test.openArena(pages(3 << 20..<20 << 20))
        test.reserve(range)
        #expect(test.map.allocation(containing: range.end - 1)?.range == range)
        #expect(test.map.state(of: range.end) == .available)
        #expect(test.map.brokenInvariant() == nil)
        test.release(range)
        #expect(test.map.freeState(of: pages(3 << 20..<20 << 20)) == .available)
        #expect(test.map.brokenInvariant() == nil)
    }

    @Test("a range needs the tables of its first page and of the page behind it")
    func tablesNeeded() {
        let test = TestMap(tablesOf: [])
        let range = pages(3 << 20..<9 << 20)
        #expect(test.map.pageWithoutTable(for: range) == 3 << 20)
        test.install(tableOf: 3 << 20)
        #expect(test.map.pageWithoutTable(for: range) == 9 << 20)
        test.install(tableOf: 9 << 20)
        #expect(test.map.pageWithoutTable(for: range) == nil)
        #expect(test.map.pageWithoutTable(for: pages(3 << 20..<Page.endOfMap)) == nil)
    }
}
