// Changing the state of pages inside one allocation.

import TestSupport
import Testing

@testable import AddressSpace

@Suite("Pages in the address map")
struct AddressMapPagesTests {
    private static let readWrite = PageState.committed(.readWrite)
    private static let readOnly = PageState.committed(.readOnly)

    private let test = TestMap()
    private var map: AddressMap { test.map }

    init() {
        test.openArena(pages(1600..<80_000))
        test.reserve(pages(1616..<1716))
        test.reserve(pages(1728..<1744))
    }

    private func expectRuns(_ expected: [(Range<UInt>, PageState)]) {
        var page: UInt = 1616
        for (range, state) in expected {
            #expect(map.run(containing: page) == Run(range: pages(range), state: state))
            page = range.upperBound
        }
        #expect(page == 1716)
        #expect(map.brokenInvariant() == nil)
    }

    @Test("a part in the middle becomes a run of its own")
    func middle() {
        test.setState(Self.readWrite, of: pages(1640..<1650))
        expectRuns([
            (1616..<1640, .reserved), (1640..<1650, Self.readWrite), (1650..<1716, .reserved),
        ])
    }

    @Test("both ends of an allocation can change without changing the neighbours")
    func ends() {
        test.setState(Self.readWrite, of: pages(1616..<1620))
        test.setState(Self.readOnly, of: pages(1710..<1716))
        expectRuns([
            (1616..<1620, Self.readWrite), (1620..<1710, .reserved), (1710..<1716, Self.readOnly),
        ])
        #expect(map.state(of: 1615) == .available)
        #expect(map.state(of: 1716) == .available)
    }

    @Test(
        "like neighbours become one run, from the left, from the right, and in between",
        arguments: [[0, 1, 2], [2, 1, 0], [0, 2, 1], [1, 2, 0]])
    func joining(order: [UInt]) {
        for index in order {
            test.setState(Self.readWrite, of: pages(1630 + index * 10..<1640 + index * 10))
        }
        expectRuns([
            (1616..<1630, .reserved), (1630..<1660, Self.readWrite), (1660..<1716, .reserved),
        ])
    }

    @Test("a change over runs of any state leaves one run")
    func overwriting() {
        for page in stride(from: UInt(1616), to: 1716, by: 3) {
            test.setState(Self.readOnly, of: pages(page..<page + 1))
        }
        test.setState(Self.readWrite, of: pages(1617..<1715))
        expectRuns([
            (1616..<1617, Self.readOnly), (1617..<1715, Self.readWrite),
            (1715..<1716, Self.readOnly),
        ])
    }

    @Test("allocations that touch keep their runs apart, even in like states")
    func neighboursStayApart() {
        test.reserve(pages(1744..<1760))
        test.setState(Self.readWrite, of: pages(1728..<1744))
        test.setState(Self.readWrite, of: pages(1744..<1760))
        #expect(map.run(containing: 1730).range == pages(1728..<1744))
        #expect(map.run(containing: 1750).range == pages(1744..<1760))
        #expect(map.brokenInvariant() == nil)
    }

    @Test("a change over more runs than a journal holds is made in parts, and each part is whole")
    func inParts() {
        let range = pages(1760..<60_000)
        test.reserve(range)
        for page in stride(from: range.start, to: range.end, by: 16) {
            test.setState(Self.readOnly, of: pages(page..<page + 1))
        }
        var start = range.start
        var partCount = 0
        while start < range.end {
            start = test.transact { journal in
                map.setState(Self.readWrite, of: PageRange(from: start, to: range.end), &journal)
            }
            partCount += 1
            #expect(map.run(containing: range.start).range.end >= start)
        }
        #expect(partCount > 1)
        #expect(map.run(containing: range.start) == Run(range: range, state: Self.readWrite))
    }

    @Test("a summary counts the committed pages of a range and knows their hull")
    func contents() {
        test.setState(Self.readWrite, of: pages(1630..<1640))
        test.setState(Self.readWrite, of: pages(1650..<1655))
        let contents = test.contents(of: pages(1620..<1653))
        #expect(contents.committedPageCount == 13)
        #expect(contents.committedHull == pages(1630..<1653))
        #expect(contents.commonEnforced == .readWrite)
        #expect(!contents.hasLockedPages)
    }

    @Test("a summary has a protection only if all pages share it, and notices locked pages")
    func mixedContents() {
        test.setState(Self.readWrite, of: pages(1630..<1640))
        test.setState(Self.readOnly.locked, of: pages(1650..<1655))
        let contents = test.contents(of: pages(1616..<1716))
        #expect(contents.commonEnforced == nil)
        #expect(contents.hasLockedPages)
        let part = test.contents(of: pages(1640..<1650))
        #expect(part.committedPageCount == 0)
        #expect(part.committedHull == nil)
    }

    @Test(
        "an allocation of one run is found with its summary",
        arguments: [
            .reserved, .committed(.readWrite), .committed(.readOnly, .armed),
            PageState.committed(.readWrite).locked,
        ] as [PageState])
    func oneRun(state: PageState) throws {
        test.setState(state, of: pages(1616..<1716))
        let found = try #require(map.allocationOfOneRun(basedAt: 1616))
        #expect(found.allocation == map.allocation(containing: 1616))
        #expect(found.summary == test.contents(of: pages(1616..<1716)))
    }

    @Test(
        "allocations of several runs, other pages of an allocation, and free pages are not found",
        arguments: [1616, 1617, 1640, 1600, 1716, 80_000, 100] as [UInt])
    func severalRuns(page: UInt) {
        test.setState(Self.readWrite, of: pages(1640..<1650))
        #expect(map.allocationOfOneRun(basedAt: page) == nil)
    }
}
