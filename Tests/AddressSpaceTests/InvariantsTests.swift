// Each invariant is seen when it is broken.

import TestSupport
import Testing

@testable import AddressSpace

@Suite("Invariants")
struct InvariantsTests {
    private let test = TestMap()
    private var map: AddressMap { test.map }

    init() {
        test.openArena(pages(1600..<16000))
        test.reserve(pages(1616..<1716))
        test.setState(.committed(.readWrite), of: pages(1640..<1650))
    }

    private func setStoredState(_ state: PageState, at page: UInt) throws {
        let table = try #require(map.directory.table(of: page))
        test.transact { table.setState(state, at: page, &$0) }
    }

    @Test("an intact map breaks no invariant")
    func whole() {
        #expect(map.brokenInvariant() == nil)
        #expect(map.brokenInvariant(around: pages(1640..<1650)) == nil)
        #expect(map.brokenInvariant(around: pages(0..<Page.endOfMap)) == nil)
    }

    @Test("a check far from a broken place finds nothing")
    func elsewhere() throws {
        try setStoredState(.committed(.readWrite), at: 1650)
        #expect(map.brokenInvariant(around: pages(100..<200)) == nil)
    }

    @Test("I1: an allocation boundary without a run boundary")
    func boundaryWithoutRun() {
        test.openArena(pages(0..<16))
        test.transact { map.runs.remove(0, &$0) }
        #expect(map.brokenInvariant() == "I1")
        #expect(map.brokenInvariant(around: pages(0..<1)) == "I1")
    }

    @Test("I2: a run that reaches into the next extent")
    func runAcrossObjects() {
        test.transact { map.runs.remove(1616, &$0) }
        #expect(map.brokenInvariant() == "I2")
        #expect(map.brokenInvariant(around: pages(1600..<1616)) == "I2")
    }

    @Test("I3: a free page inside an allocation")
    func freePageInside() throws {
        try setStoredState(.available, at: 1650)
        #expect(map.brokenInvariant() == "I3")
        #expect(map.brokenInvariant(around: pages(1620..<1630)) == "I3")
    }

    @Test("I3: a run boundary inside free pages")
    func boundaryInFreePages() {
        test.transact { map.runs.insert(1610, &$0) }
        #expect(map.brokenInvariant() == "I3")
        #expect(map.brokenInvariant(around: pages(1616..<1620)) == "I3")
    }

    @Test("I4: adjacent unowned extents")
    func freeSideBySide() {
        test.transact { journal in
            map.allocations.insert(500, &journal)
            map.runs.insert(500, &journal)
        }
        #expect(map.brokenInvariant() == "I4")
        #expect(map.brokenInvariant(around: pages(499..<500)) == "I4")
    }

    @Test("I4: adjacent available extents, each in its set")
    func availableSideBySide() throws {
        test.transact { journal in
            map.cutGap(around: pages(5008..<5024), &journal)
            map.gaps.move(5024, from: nil, to: 0, &journal)
            for page: UInt in [5008, 5024] {
                map.allocations.insert(page, &journal)
                map.runs.insert(page, &journal)
            }
        }
        for page: UInt in [5008, 5024] { try setStoredState(.available, at: page) }
        #expect(map.brokenInvariant() == "I4")
        #expect(map.brokenInvariant(around: pages(5008..<5009)) == "I4")
    }

    @Test("I5: neighbouring runs in the same state")
    func likeRuns() throws {
        try setStoredState(.committed(.readWrite), at: 1650)
        #expect(map.brokenInvariant() == "I5")
        #expect(map.brokenInvariant(around: pages(1640..<1650)) == "I5")
    }

    @Test("I7: a charge that is not the number of committed pages")
    func charge() {
        map.charge.remove(1)
        #expect(map.brokenInvariant() == "I7")
    }

    @Test("I9: a gap that is in no set, or in the wrong one", arguments: [3, 0] as [UInt])
    func gapSets(wrongClass: UInt) {
        test.transact { journal in
            if wrongClass == 0 { map.gaps.move(1616, from: 0, to: nil, &journal) }
            if wrongClass != 0 { map.gaps.move(1616, from: 0, to: wrongClass, &journal) }
        }
        #expect(map.brokenInvariant() == "I9")
    }

    @Test(
        "I10: an unowned end outside the set, or a member that is no unowned end",
        arguments: [1600, 1601] as [UInt])
    func unownedEnds(page: UInt) {
        test.transact { journal in
            if map.unownedEnds.contains(page) {
                map.unownedEnds.remove(page, &journal)
            } else {
                map.unownedEnds.insert(page, &journal)
            }
        }
        #expect(map.brokenInvariant() == "I10")
    }

    @Test("I11: a run whose last page is said to be in another state")
    func lastStates() throws {
        try setStoredState(.reserved, at: 1649)
        #expect(map.brokenInvariant() == "I11")
    }

    @Test("I12: a page of a placeholder in memory, and memory in a placeholder")
    func kinds() throws {
        test.transact { map.setPlaceholder(pages(1660..<1664), &$0) }
        #expect(map.brokenInvariant() == nil)
        try setStoredState(.reserved, at: 1660)
        #expect(map.brokenInvariant() == "I12")
        try setStoredState(.placeholder, at: 1660)
        try setStoredState(.placeholder, at: 1664)
        #expect(map.brokenInvariant(around: pages(1664..<1670)) == "I12")
    }
}
