// Random operations on an address map, against the reference model.

import AddressSpace
import TestSupport
import Testing

@Suite("Random operations")
struct RandomizedTests {
    /// Across the edge of two tables, where the low addresses end; and of two blocks of one table.
    private static let edges: [UInt] = [1 << 20, 1 << 20 | 3 << 15]

    /// The map, the model, and the randomness that drives both.
    private struct Run {
        let window: Range<UInt>
        let test: TestMap
        var model: ReferenceModel
        var generator: SeededGenerator
        /// First pages of the allocations outside all arenas.
        var ownMappings: Set<UInt> = []

        init(edge: UInt, seed: UInt64) {
            window = edge - 1024..<edge + 1024
            test = TestMap(tablesOf: [window.lowerBound, window.upperBound])
            model = ReferenceModel(window: window)
            generator = SeededGenerator(seed: seed)
        }

        mutating func pick(_ range: Range<UInt>) -> Range<UInt> {
            let start = UInt.random(in: range, using: &generator)
            let end = UInt.random(in: start + 1...range.upperBound, using: &generator)
            return start..<end
        }

        mutating func pickGranules() -> Range<UInt> {
            let range = pick(0..<128)
            let length = min(range.upperBound - range.lowerBound, 40)
            let start = window.lowerBound + range.lowerBound * 16
            return start..<start + length * 16
        }

        mutating func openArena() {
            let range = pickGranules()
            guard model.isAll(.unowned, range) else { return }
            model.setFree(range, to: .available)
            test.openArena(pages(range))
        }

        /// Gives the granules of one available extent back, as if to the kernel.
        mutating func closeArena() {
            let least = UInt.random(in: 1..<600, using: &generator)
            guard let found = test.map.firstAvailable(least: least) else { return }
            let start = (found.start + 15) & ~15
            if start >= found.end { return }
            let range = start..<found.end
            model.setFree(range, to: .unowned)
            test.transact { test.map.setFree(pages(range), to: .unowned, &$0) }
        }

        mutating func reserveExactly() {
            var range = pickGranules()
            range = range.lowerBound..<range.upperBound - UInt.random(in: 0..<16, using: &generator)
            let free = test.map.freeState(of: pages(range))
            let expected = [PageState.unowned, .available].first { model.isAll($0, range) }
            #expect(free == expected)
            if free != nil { reserve(range) }
            if free == .unowned { ownMappings.insert(range.lowerBound) }
        }

        mutating func reserveAnywhere() {
            let pageCount = UInt.random(in: 1...100, using: &generator)
            let isTopDown = Bool.random(using: &generator)
            let isLowUsed = Bool.random(using: &generator)
            var placing = PlacementRequest(
                pageCount: pageCount, direction: isTopDown ? .highestFirst : .lowestFirst)
            placing.lowAddresses = isLowUsed ? .used : .left
            let found = test.gap(for: placing)
            let gaps = model.gaps(pageCount: pageCount, from: isLowUsed ? 0 : 1 << 20)
            #expect(found?.start == (isTopDown ? gaps.last : gaps.first))
            if let found { reserve(found.start..<found.end) }
        }

        private mutating func reserve(_ range: Range<UInt>) {
            let protection = Protection(lowBitsOf: UInt8.random(in: 0...7, using: &generator))
            model.reserve(range, PageProtection(protection))
            test.reserve(pages(range), protection)
        }

        mutating func setState() {
            guard let allocation = model.allocations.randomElement(using: &generator),
                model[allocation.lowerBound].state != .placeholder
            else { return }
            let range = pick(allocation)
            let states: [PageState] = [
                .reserved, .committed(.readWrite), .committed(.readOnly),
                .committed(.readWrite, .armed), .committed(.readWrite).locked,
            ]
            let state = states.randomElement(using: &generator)!
            model.setState(state, of: range)
            test.setState(state, of: pages(range))
        }

        mutating func release() {
            guard let allocation = model.allocations.randomElement(using: &generator) else {
                return
            }
            let isOwnMapping = ownMappings.remove(allocation.lowerBound) != nil
            let end = (allocation.upperBound + 15) & ~15
            if !isOwnMapping, end > allocation.upperBound,
                model.isAll(.available, allocation.upperBound..<end),
                Bool.random(using: &generator)
            {
                model.setFree(allocation.lowerBound..<end, to: .unowned)
                test.setState(.reserved, of: pages(allocation))
                test.transact {
                    test.map.setFree(pages(allocation), throughGapUpTo: end, &$0)
                }
                return
            }
            model.setFree(allocation, to: isOwnMapping ? .unowned : .available)
            test.release(pages(allocation), to: isOwnMapping ? .unowned : .available)
        }

        /// A part of an allocation; then what is left of it counts as carved out of an arena.
        mutating func releasePart() {
            guard let whole = model.allocations.randomElement(using: &generator) else { return }
            let part = pick(whole)
            if part == whole { return }
            #expect(test.map.allocation(containing: whole.lowerBound)?.range == pages(whole))
            ownMappings.remove(whole.lowerBound)
            model.releasePart(part, of: whole)
            makeOneRun(of: part)
            test.transact { test.map.free(pages(part), &$0) }
        }

        private func makeOneRun(of part: Range<UInt>) {
            if test.map.state(of: part.lowerBound) != .placeholder {
                test.setState(.reserved, of: pages(part))
            }
        }

        /// Divides a placeholder, or makes one of memory.
        mutating func makePlaceholder() {
            guard let whole = model.allocations.randomElement(using: &generator) else { return }
            let part = Bool.random(using: &generator) ? whole : pick(whole)
            let isOne = model[whole.lowerBound].state == .placeholder
            let isWhole = test.map.placeholder(pages(part)) != nil
            #expect(isWhole == (isOne && part == whole))
            if part != whole { ownMappings.remove(whole.lowerBound) }
            model.makePlaceholder(part, of: whole)
            makeOneRun(of: part)
            test.transact { test.map.setPlaceholder(pages(part), &$0) }
        }

        private var placeholders: [Range<UInt>] {
            model.allocations.filter { model[$0.lowerBound].state == .placeholder }
        }

        mutating func replacePlaceholder() {
            guard let range = placeholders.randomElement(using: &generator) else { return }
            let protection = PageProtection(.executeRead)
            let isCommitted = Bool.random(using: &generator)
            let state = isCommitted ? PageState.committed(.executeRead) : .reserved
            model.reserve(range, protection)
            model.setState(state, of: range)
            test.transact {
                test.map.replacePlaceholder(pages(range), by: protection, as: state, &$0)
            }
            if isCommitted { try! test.map.charge.add(UInt(range.count), limit: .max) }
        }

        mutating func joinPlaceholders() {
            guard let first = placeholders.randomElement(using: &generator) else { return }
            let count = Int.random(in: 1...4, using: &generator)
            var range = first
            for next in model.allocations.drop(while: { $0 != first }).dropFirst().prefix(count) {
                range = range.lowerBound..<next.upperBound
            }
            let areSeveral = range != first && model.isAll(.placeholder, range)
            #expect(test.map.areSeveralPlaceholders(pages(range)) == areSeveral)
            if !areSeveral { return }
            ownMappings.subtract(range)
            model.joinPlaceholders(range)
            test.joinPlaceholders(of: pages(range))
        }

        mutating func step() {
            switch Int.random(in: 0..<26, using: &generator) {
            case 0, 1: openArena()
            case 2: closeArena()
            case 3...5: reserveExactly()
            case 6...9: reserveAnywhere()
            case 10...14: setState()
            case 15, 16: releasePart()
            case 20, 21: makePlaceholder()
            case 22, 23: replacePlaceholder()
            case 24, 25: joinPlaceholders()
            default: release()
            }
        }
    }

    private func compare(_ run: Run, at page: UInt, _ note: String) {
        let (map, model) = (run.test.map, run.model)
        let allocation = map.allocation(containing: page)
        let expected = model.allocation(containing: page)
        #expect(map.state(of: page) == model[page].state, "\(note), page \(page)")
        #expect(allocation?.range == expected.map(pages), "\(note), page \(page)")
        if let allocation {
            #expect(allocation.attributes.initialProtection == model[page].protection, "\(note)")
            for direction in [PlacementRequest.Direction.lowestFirst, .highestFirst] {
                let obstacle = map.obstacle(around: allocation.range, direction)
                let expected = model.obstacle(around: page, direction)
                #expect(obstacle == pages(expected), "\(note), page \(page)")
            }
        }
        if let end = model.regionEnd(from: page) {
            let region = map.region(from: page)
            #expect(region.range.end == end, "\(note), page \(page)")
            if let glance = map.fastRegion(from: page) {
                #expect(glance == region, "\(note), page \(page)")
            }
        }
    }

    @Test(
        "the map and the model agree after every operation",
        arguments: edges, seeds(40, watched: 2))
    func againstTheModel(edge: UInt, seed: UInt64) {
        var run = Run(edge: edge, seed: seed)
        for step in 0..<300 {
            run.step()
            let note = "seed \(seed), step \(step)"
            #expect(run.test.map.brokenInvariant() == nil, "\(note)")
            for _ in 0..<8 {
                compare(run, at: UInt.random(in: run.window, using: &run.generator), note)
            }
            let range = run.pick(run.window)
            if let allocation = run.model.allocation(containing: range.lowerBound) {
                let part = range.clamped(to: allocation)
                let contents = run.test.contents(of: pages(part))
                #expect(
                    Int(contents.committedPageCount) == run.model.committedCount(in: part),
                    "\(note)")
            }
        }
    }
}
