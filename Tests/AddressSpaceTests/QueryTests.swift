// Regions, as a caller sees them.

import TestSupport
import Testing

@testable import AddressSpace

@Suite("Regions")
struct QueryTests {
    private let test = TestMap()
    private var map: AddressMap { test.map }

    init() {
        test.openArena(pages(1600..<16000))
        test.reserve(pages(1616..<1716), .readOnly)
    }

    // Source: behaviour 6.4.
    @Test(
        "a region begins at the queried page and ends where pages differ",
        arguments: [
            (1616, 1640), (1630, 1640), (1640, 1650), (1649, 1650), (1650, 1716), (1715, 1716),
        ]
            as [(UInt, UInt)])
    func extent(page: UInt, end: UInt) {
        test.setState(.committed(.readWrite), of: pages(1640..<1650))
        let region = map.region(from: page)
        #expect(region.range == pages(page..<end))
        #expect(region.allocation?.base == 1616)
    }

    // Source: behaviour 6.5.
    @Test("runs that differ only in being locked are one region")
    func lockedPages() {
        test.setState(.committed(.readWrite), of: pages(1630..<1660))
        test.setState(PageState.committed(.readWrite).locked, of: pages(1640..<1650))
        #expect(map.region(from: 1630).range == pages(1630..<1660))
        #expect(map.region(from: 1645).range == pages(1645..<1660))
    }

    @Test("a region ends at the next allocation even if the states are equal")
    func neighbouringAllocations() {
        test.reserve(pages(1728..<1744))
        test.reserve(pages(1744..<1760))
        #expect(map.region(from: 1730).range == pages(1730..<1744))
    }

    // Source: behaviour 6.8.
    @Test("free pages belong to no allocation and reach to the next extent")
    func free() {
        #expect(
            map.region(from: 100)
                == Region(range: pages(100..<1600), state: .unowned, allocation: nil)
        )
        #expect(map.region(from: 1600).range == pages(1600..<1616))
        #expect(map.region(from: 1600).allocation == nil)
        #expect(map.region(from: 16000).range == pages(16000..<Page.endOfMap))
    }

    // 1632 begins a word of 32 pages, as 1728 and 1760 do.
    @Test(
        "the fast query gives the same answer for memory of ours as the general one",
        arguments: [
            (1616, 1632), (1631, 1632), (1632, 1720), (1700, 1720), (1728, 1736), (1730, 1736),
            (1736, 1744), (1744, 1760), (1759, 1760), (1760, 90_000), (1800, 90_000),
            (89_999, 90_000),
        ] as [(UInt, UInt)])
    func glance(page: UInt, end: UInt) throws {
        let test = TestMap()
        test.openArena(pages(1600..<160_000))
        for block in [1616..<1720, 1728..<1744, 1744..<1760, 1760..<90_000] as [Range<UInt>] {
            test.reserve(pages(block), .readOnly)
        }
        for part in [1632..<1720, 1728..<1736] as [Range<UInt>] {
            test.setState(.committed(.readWrite), of: pages(part))
        }
        let glance = try #require(test.map.fastRegion(from: page))
        #expect(glance == test.map.region(from: page))
        #expect(glance.range == pages(page..<end))
    }

    @Test(
        "the fast query gives no answer for free pages and for runs that look like the next one",
        arguments: [100, 1600, 1615, 1640, 1645, 1649, 16000, Page.endOfMap - 1] as [UInt])
    func noGlance(page: UInt) {
        test.setState(.committed(.readWrite), of: pages(1640..<1700))
        test.setState(PageState.committed(.readWrite).locked, of: pages(1650..<1700))
        #expect(map.fastRegion(from: page) == nil)
    }

    @Test("the fast query finds an allocation that begins far below")
    func glanceFarBelow() throws {
        test.setState(.committed(.readWrite), of: pages(1701..<1703))
        let glance = try #require(map.fastRegion(from: 1701))
        #expect(glance == map.region(from: 1701))
        #expect(glance.range == pages(1701..<1703))
        #expect(glance.allocation?.base == 1616)
    }

    @Test("a walk over regions visits every page once")
    func walk() {
        test.setState(.committed(.readWrite), of: pages(1640..<1650))
        var page: UInt = 0
        var regionCount = 0
        while page < Page.endOfMap {
            let region = map.region(from: page)
            #expect(region.range.start == page)
            page = region.range.end
            regionCount += 1
        }
        #expect(regionCount == 7)
    }
}
