// The short ways of the common case: they must do what the thorough ones do.

import TestSupport
import Testing

@testable import AddressSpace

@Suite("Fast path")
struct FastPathTests {
    private static let attributes = AllocationAttributes(
        initialProtection: PageProtection(.readWrite), placement: .arena)
    private static let states: [PageState] = [
        .reserved, .committed(.readWrite), .committed(.readOnly),
    ]

    /// Two maps that are told the same: one takes the short ways where it can.
    private final class Twins {
        let short = TestMap(tablesOf: [highTable])
        let thorough = TestMap(tablesOf: [highTable])
        var blocks: [PageRange] = []
        var shortCount = 0

        init() {
            for test in [short, thorough] { test.openArena(high(1600..<500_000)) }
        }

        func reserve(_ pageCount: UInt, _ state: PageState) throws {
            let placing = PlacementRequest(pageCount: pageCount)
            let place = try #require(thorough.gap(for: placing))
            if let frontier = short.map.placeAtFrontier(pageCount), short.map.isShort(frontier) {
                #expect(frontier == place)
                shortCount += 1
                short.transact { [self] in
                    short.map.reserveAtFrontier(place, FastPathTests.attributes, as: state, &$0)
                }
            } else {
                #expect(short.gap(for: placing) == place)
                short.transact { [self] in
                    short.map.reserve(
                        place, FastPathTests.attributes, as: state, in: .available, &$0)
                }
            }
            thorough.transact { [self] in
                thorough.map.reserve(
                    place, FastPathTests.attributes, as: state, in: .available, &$0)
            }
            blocks.append(place)
        }

        func setState(_ state: PageState, of range: PageRange) {
            if let old = short.map.fastState(of: range) {
                #expect(old == thorough.map.state(of: range.start))
                shortCount += 1
                short.transact { [self] in
                    short.map.setState(state, of: range, from: old, &$0)
                }
            } else {
                _ = short.transact { [self] in short.map.setState(state, of: range, &$0) }
            }
            _ = thorough.transact { [self] in
                thorough.map.setStateThoroughly(state, of: range, &$0)
            }
        }

        func release(_ range: PageRange) {
            let state = thorough.map.state(of: range.start)
            let isOneRun = thorough.contents(of: range).isOneRun
            let found = short.map.fastAllocation(basedAt: range.start, in: state)
            #expect(found == nil || isOneRun && found == range)
            if !isOneRun { setState(.reserved, of: range) }
            short.transact { [self] in
                if found != nil {
                    shortCount += 1
                    short.map.setAvailable(range, &$0)
                } else {
                    short.map.setFree(range, to: .available, &$0)
                }
            }
            thorough.transact { [self] in thorough.map.setFree(range, to: .available, &$0) }
        }

        func check(_ note: String) {
            var page = highTable + 1600
            while page < highTable + 500_000 {
                let run = short.map.run(containing: page)
                #expect(run == thorough.map.run(containing: page), "\(note)")
                page = run.range.end
            }
        }
    }

    @Test(
        "the fast path does the same as the general path", arguments: seeds(12, watched: 1))
    func twins(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let twins = Twins()
        for turn in 0..<600 {
            switch Int.random(in: 0..<6, using: &generator) {
            case 0, 1:
                // In a large one, what surrounds a page is far from it.
                let most: UInt = turn % 10 == 0 ? 5000 : 20
                let pageCount = UInt.random(in: 1...most, using: &generator)
                try twins.reserve(
                    pageCount, FastPathTests.states.randomElement(using: &generator)!)
            case 2:
                guard let block = twins.blocks.randomElement(using: &generator) else { continue }
                twins.blocks.removeAll { $0 == block }
                twins.release(block)
            case 3:
                guard let block = twins.blocks.popLast() else { continue }
                twins.release(block)
            default:
                guard let block = twins.blocks.randomElement(using: &generator) else { continue }
                let start = UInt.random(in: block.start..<block.end, using: &generator)
                let most = turn % 4 == 0 ? block.end : min(start + 40, block.end)
                let end = UInt.random(in: start + 1...most, using: &generator)
                twins.setState(
                    FastPathTests.states.randomElement(using: &generator)!,
                    of: pages(start..<end))
            }
            if turn % 50 == 0 { twins.check("seed \(seed), turn \(turn)") }
        }
        twins.check("seed \(seed)")
        #expect(twins.shortCount > 200)
        for block in twins.blocks { twins.release(block) }
        // The charge is not kept here.
        #expect(twins.short.map.brokenInvariant() == nil, "seed \(seed)")
    }
}
