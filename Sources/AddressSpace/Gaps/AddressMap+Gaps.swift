// Finding room for a new allocation among the available pages.

extension AddressMap {
    /// The lowest (or highest) available pages for `placing`.
    ///
    /// - Returns: `nil` if no arena has room; the caller then makes an arena and searches again.
    /// - Complexity: O(size classes) while a larger class has a gap that fits; otherwise O(gaps in the class
    ///   of the request).
    @inline(never)
    package func gap(for placing: PlacementRequest) -> PageRange? {
        if placing.isAnywhere, let start = knownFrontier {
            let end = start &+ placing.pageCount
            if placing.pageCount <= GapSets.leastPagesOfLast {
                // The gaps of the last class need no search: the frontier is the lowest of them.
                let last = GapSets.lastClass &- 1
                let lowest = Page.index(of: placing.lowestInArenas)
                return bestGap(for: placing, inClassesUpTo: last, from: lowest, to: start)
                    ?? PageRange(from: start, to: end)
            }
            // Only gaps of the last class are this large.
            if allocations.next(from: start &+ 1, notBeyond: end) == end {
                return PageRange(from: start, to: end)
            }
        }
        let lowest = Page.index(of: placing.lowestInArenas &+ (Page.byteCount &- 1))
        let end = Page.index(of: placing.end)
        let best =
            bestGap(for: placing, inClassesUpTo: GapSets.lastClass, from: lowest, to: end)
            ?? bestGap(
                for: placing, inClassesUpTo: GapSets.lastClass, from: lowest, to: end,
                tryingAtMost: .max)
        if let best, placing.isAnywhere, best.start >= Page.index(of: Page.endOfLowAddresses),
            best.start < gaps[GapSets.lastClass].next(from: lowest),
            isClear(behind: best.start), allocations.contains(best.start)
        {
            frontier = best.start
        }
        return best
    }

    @inline(__always)
    private func bestGap(
        for placing: PlacementRequest, inClassesUpTo last: UInt, from lowest: UInt, to end: UInt,
        tryingAtMost mostTried: UInt = AddressMap.mostGapsTried
    ) -> PageRange? {
        let first = GapSets.firstClass(holding: placing.pageCount)
        if first > last { return nil }
        var best: PageRange?
        for sizeClass in first...last where !gaps[sizeClass].isEmpty {
            let search = Search(
                placing: placing, set: gaps[sizeClass],
                lowest: placing.direction == .lowestFirst ? lowest : best?.end ?? lowest,
                end: placing.direction == .lowestFirst ? best?.start ?? end : end,
                mostGapsTried: mostTried)
            best = self.search(search) ?? best
        }
        return best
    }

    /// The most gaps of one class that a search rejects (too small, or too short for the alignment). After
    /// that it takes a place in a larger gap, which bounds the cost of a reservation.
    private static var mostGapsTried: UInt { 64 }

    /// A search in the gaps of one class, for the first place between two page numbers.
    private struct Search {
        let placing: PlacementRequest
        let set: BoundarySet
        let lowest: UInt
        let end: UInt
        let mostGapsTried: UInt
    }

    @inline(__always)
    private func search(_ search: Search) -> PageRange? {
        search.placing.direction == .lowestFirst ? lowestGap(search) : highestGap(search)
    }

    /// The lowest place below the end of the search.
    private func lowestGap(_ search: Search) -> PageRange? {
        let (set, lowest) = (search.set, search.lowest)
        let isAnywhere = lowest <= Page.index(of: Page.lowestAddress)
        var page = set.first
        if !isAnywhere && page < lowest {
            page = set.next(from: lowest & ~(Page.perGranule &- 1))
        }
        var tried: UInt = 0
        while page < Page.endOfMap {
            let gap = gap(endingInGranuleOf: page)
            let start = max(gap.start, lowest)
            if start >= search.end { return nil }
            if let found = fit(search.placing, from: start, to: gap.end) { return found }
            tried &+= 1
            if tried >= search.mostGapsTried { return nil }
            page = set.next(from: page &+ 1)
        }
        return nil
    }

    /// The gap that a set of gaps records at `page`, the first page of a granule.
    @inline(never)
    private func gap(endingInGranuleOf page: UInt) -> (start: UInt, end: UInt) {
        // The gap ends at `page` itself if an allocation, or free space that is not ours, begins there.
        let endsHere = allocations.contains(page) && page > 0 && state(before: page) == .available
        let end = endsHere ? page : allocations.next(from: page &+ 1)
        return (allocations.previous(from: end &- 1) ?? 0, end)
    }

    /// The highest place between the limits of the search.
    private func highestGap(_ search: Search) -> PageRange? {
        let placing = search.placing
        let alignment = placing.alignment &>> Page.shift
        // The first gap to try may begin below the end and reach beyond it.
        var next = search.set.next(from: search.end)
        if next >= Page.endOfMap { next = search.end }
        var tried: UInt = 0
        while let page = search.set.previous(from: next) {
            let gap = gap(endingInGranuleOf: page)
            if gap.end <= search.lowest { break }
            let start = max(gap.start, search.lowest)
            let limit = max(min(gap.end, search.end), placing.pageCount)
            let first = (limit &- placing.pageCount) & ~(alignment &- 1)
            if first >= start && first < search.end {
                return PageRange(from: first, to: first &+ placing.pageCount)
            }
            tried &+= 1
            if tried >= search.mostGapsTried { return nil }
            if page == 0 { break }
            next = page &- 1
        }
        return nil
    }

    /// The lowest place for `placing` in the available pages `start ..< end`.
    private func fit(_ placing: PlacementRequest, from start: UInt, to end: UInt) -> PageRange? {
        let alignment = placing.alignment &>> Page.shift
        let first = (start &+ alignment &- 1) & ~(alignment &- 1)
        let limit = min(end, Page.index(of: placing.end))
        if first >= limit || limit &- first < placing.pageCount { return nil }
        return PageRange(from: first, to: first &+ placing.pageCount)
    }

    /// The end of the gap that begins at `start`. The search stops where the end can no longer change the
    /// size class.
    func measuredEnd(ofGapFrom start: UInt) -> UInt {
        let limit = min(start &+ GapSets.mostPagesMeasured &+ Page.perGranule, Page.endOfMap)
        return allocations.next(from: start &+ 1, notBeyond: limit)
    }

    /// Drafts the gaps that are left when `range` is cut out of a gap.
    func cutGap(around range: PageRange, _ journal: inout Journal) {
        guard let start = allocations.previous(from: range.start) else { return }
        if start == range.start && isClear(behind: range.end &- 1) {
            if frontier == start { frontier = range.end }
            return
        }
        var end = range.end
        if end < Page.endOfMap && !allocations.contains(end) { end = measuredEnd(ofGapFrom: end) }
        // If the end was not measured exactly, the gap is of the last class before and after: nothing moves.
        gaps.move(
            end, from: GapSets.sizeClass(ofGapFrom: start, to: end),
            to: GapSets.sizeClass(ofGapFrom: range.end, to: end), &journal)
        gaps.move(
            range.start, from: nil, to: GapSets.sizeClass(ofGapFrom: start, to: range.start),
            &journal)
    }

    /// What follows pages that become free.
    enum NeighbourBehind {
        /// Pages in the same state, with which they are one from now on.
        case joined
        case differs
    }

    /// Drafts that `range` becomes a gap, joined with the gaps that touch it.
    ///
    /// - Parameters:
    ///   - start: Where the gap before `range` begins; the start of `range` if there is none.
    ///   - neighbour: `.joined` if another gap begins at the end of `range`.
    func joinGaps(
        around range: PageRange, from start: UInt, _ neighbour: NeighbourBehind,
        _ journal: inout Journal
    ) {
        if neighbour == .joined && isClear(behind: range.end) {
            noteLargeGap(from: start)
            return gaps.move(
                range.start, from: GapSets.sizeClass(ofGapFrom: start, to: range.start), to: nil,
                &journal)
        }
        let end = neighbour == .joined ? measuredEnd(ofGapFrom: range.end) : range.end
        let before = GapSets.sizeClass(ofGapFrom: start, to: range.start)
        let isOneGranule = (range.start ^ end) & ~(Page.perGranule &- 1) == 0
        // A granule has one tag. If both ends are in one granule, the old one must be removed first.
        if isOneGranule { gaps.move(range.start, from: before, to: nil, &journal) }
        gaps.move(
            end, from: GapSets.sizeClass(ofGapFrom: range.end, to: end),
            to: GapSets.sizeClass(ofGapFrom: start, to: end), &journal)
        if !isOneGranule { gaps.move(range.start, from: before, to: nil, &journal) }
        if end &- start >= GapSets.leastPagesOfLast { noteLargeGap(from: start) }
    }

    /// The state of the gap or of the free space that contains all of `range`; `nil` if nothing such does.
    package func freeState(of range: PageRange) -> PageState? {
        let extent = extent(containing: range.start)
        return extent.state.isFree && extent.range.end >= range.end ? extent.state : nil
    }
}

extension AddressMap {
    /// The first gap of at least `pageCount` pages. O(allocations and unowned stretches).
    package func firstAvailable(least pageCount: UInt) -> PageRange? {
        var page: UInt = 0
        while page < Page.endOfMap {
            let extent = extent(containing: page)
            if extent.state == .available && extent.range.pageCount >= pageCount {
                return extent.range
            }
            page = max(extent.range.end, page &+ 1)
        }
        return nil
    }

    /// The first pages of `range` that are free and not ours.
    package func firstUnowned(in range: PageRange) -> PageRange? {
        var page = range.start
        while page < range.end {
            let extent = extent(containing: page)
            let end = max(min(extent.range.end, range.end), page &+ 1)
            if extent.state == .unowned { return PageRange(from: page, to: end) }
            page = end
        }
        return nil
    }
}
