// Finding room for a new allocation among the available pages.

/// Where a new allocation may lie. All in bytes.
package struct Placing {
    package enum Direction {
        case lowestFirst
        case highestFirst
    }

    package var pageCount: UInt
    /// Power of two, at least the allocation granularity.
    package var alignment: UInt
    /// The allocation lies in `[lowest, end)`.
    package var lowest: UInt
    package var end: UInt
    package var direction: Direction

    package init(
        pageCount: UInt, alignment: UInt = Page.allocationGranularity,
        lowest: UInt = Page.lowestAddress, end: UInt = Page.endOfReservableSpace,
        direction: Direction = .lowestFirst
    ) {
        self.pageCount = pageCount
        self.alignment = alignment
        self.lowest = lowest
        self.end = end
        self.direction = direction
    }
}

extension AddressMap {
    /// The lowest (or highest) available pages for `placing`.
    ///
    /// - Returns: `nil` if no arena has room; the caller makes an arena and asks again.
    /// - Complexity: O(size classes), plus the gaps of the request's own class that are too small
    ///   for it, or too short for its alignment.
    package func gap(for placing: Placing) -> PageRange? {
        let lowest = Page.index(of: placing.lowest &+ (Page.byteCount &- 1))
        let end = Page.index(of: placing.end)
        let first = GapSets.firstClass(holding: placing.pageCount)
        switch placing.direction {
        case .lowestFirst:
            var best = gapAcross(lowest, placing)
            for sizeClass in first..<GapSets.classCount where !gaps[sizeClass].isEmpty {
                let limit = best?.start ?? end
                if let found = lowestGap(for: placing, in: gaps[sizeClass], lowest, limit) {
                    best = found
                }
            }
            return best
        case .highestFirst:
            var best: PageRange?
            for sizeClass in first..<GapSets.classCount where !gaps[sizeClass].isEmpty {
                let limit = best?.end ?? lowest
                if let found = highestGap(for: placing, in: gaps[sizeClass], lowest, end, limit) {
                    best = found
                }
            }
            return best
        }
    }

    /// A place in the gap that begins below `lowest` and goes on beyond, if there is one.
    private func gapAcross(_ lowest: UInt, _ placing: Placing) -> PageRange? {
        if placing.lowest <= Page.lowestAddress { return nil }
        guard let base = allocations.previous(from: lowest), base < lowest,
            directory.table(of: base)?.state(at: base) == .available
        else { return nil }
        return fit(placing, from: lowest, to: allocations.next(from: lowest &+ 1))
    }

    private func lowestGap(
        for placing: Placing, in set: BoundarySet, _ lowest: UInt, _ limit: UInt
    ) -> PageRange? {
        var start = set.next(from: lowest)
        while start < limit {
            if let found = fit(placing, from: start, to: end(ofGapFrom: start, for: placing)) {
                return found
            }
            start = set.next(from: start &+ 1)
        }
        return nil
    }

    private func highestGap(
        for placing: Placing, in set: BoundarySet, _ lowest: UInt, _ end: UInt, _ limit: UInt
    ) -> PageRange? {
        let alignment = placing.alignment &>> Page.shift
        var next = end
        while next > 0, let start = set.previous(from: next &- 1) {
            let gapEnd = min(allocations.next(from: start &+ 1), end)
            // Gaps do not overlap, so none farther down can be higher than the limit.
            if gapEnd <= limit { return nil }
            let first = (max(gapEnd, placing.pageCount) &- placing.pageCount) & ~(alignment &- 1)
            if first >= max(start, lowest) && first < gapEnd {
                return PageRange(from: first, to: first &+ placing.pageCount)
            }
            next = start
        }
        return nil
    }

    /// Where a gap ends, looking no farther than `placing` needs.
    private func end(ofGapFrom start: UInt, for placing: Placing) -> UInt {
        let enough =
            start &+ placing.pageCount &+ (placing.alignment &>> Page.shift) &+ Page.perGranule
        return allocations.next(from: start &+ 1, notBeyond: min(enough, Page.endOfMap))
    }

    /// `placing` at the low end of the available pages `start ..< end`.
    private func fit(_ placing: Placing, from start: UInt, to end: UInt) -> PageRange? {
        let alignment = placing.alignment &>> Page.shift
        let first = (start &+ alignment &- 1) & ~(alignment &- 1)
        let limit = min(end, Page.index(of: placing.end))
        if first >= limit || limit &- first < placing.pageCount { return nil }
        return PageRange(from: first, to: first &+ placing.pageCount)
    }

    /// Where a gap ends, as far as its size class depends on it.
    func measuredEnd(ofGapFrom start: UInt) -> UInt {
        let limit = min(start &+ GapSets.mostPagesMeasured &+ Page.perGranule, Page.endOfMap)
        return allocations.next(from: start &+ 1, notBeyond: limit)
    }

    /// Drafts what is left of a gap when `range` is taken out of it.
    func cutGap(around range: PageRange, _ journal: inout Journal) {
        guard let start = allocations.previous(from: range.start) else { return }
        // Insertion comes first: a set that is empty in between would be changed on every level.
        if range.end < Page.endOfMap && !allocations.contains(range.end) {
            gaps.insert(from: range.end, to: measuredEnd(ofGapFrom: range.end), &journal)
        }
        gaps.resize(
            from: start, oldEnd: measuredEnd(ofGapFrom: start), newEnd: range.start, &journal)
    }

    /// Drafts that `range` is a gap now, joined with the gaps that touch it.
    ///
    /// - Parameters:
    ///   - start: Where the gap before it begins; the range's own start if there is none.
    ///   - hasGapBehind: Whether another begins at its end.
    func joinGaps(
        around range: PageRange, from start: UInt, hasGapBehind: Bool, _ journal: inout Journal
    ) {
        let end = hasGapBehind ? measuredEnd(ofGapFrom: range.end) : range.end
        gaps.resize(from: start, oldEnd: range.start, newEnd: end, &journal)
        if hasGapBehind { gaps.remove(from: range.end, to: end, &journal) }
    }

    /// The object that `range` lies in, if it is free or available all over.
    package func freeState(of range: PageRange) -> PageState? {
        let object = object(containing: range.start)
        return object.state.isFree && object.range.end >= range.end ? object.state : nil
    }
}

extension AddressMap {
    /// The first available stretch of at least `pageCount` pages. O(objects).
    package func firstAvailable(least pageCount: UInt) -> PageRange? {
        var page: UInt = 0
        while page < Page.endOfMap {
            let object = object(containing: page)
            if object.state == .available && object.range.pageCount >= pageCount {
                return object.range
            }
            page = max(object.range.end, page &+ 1)
        }
        return nil
    }

    /// The first pages of `range` that are free and not ours.
    package func firstFree(in range: PageRange) -> PageRange? {
        var page = range.start
        while page < range.end {
            let object = object(containing: page)
            let end = max(min(object.range.end, range.end), page &+ 1)
            if object.state == .free { return PageRange(from: page, to: end) }
            page = end
        }
        return nil
    }
}
