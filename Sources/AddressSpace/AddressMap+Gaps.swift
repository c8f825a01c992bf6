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
    /// The best available pages for `placing`.
    ///
    /// - Returns: `nil` if no arena has room; the caller makes an arena and asks again.
    /// - Complexity: O(1) as long as gaps are found near the hints; O(objects) at worst.
    package func gap(for placing: Placing, _ journal: inout Journal) -> PageRange? {
        switch placing.direction {
        case .lowestFirst: return lowestGap(for: placing, &journal)
        case .highestFirst: return highestGap(for: placing, &journal)
        }
    }

    /// Searches past this many objects are worth remembering in the hints.
    private static var memorableSearchLength: UInt { 4 }

    private func lowestGap(for placing: Placing, _ journal: inout Journal) -> PageRange? {
        let lowest = Page.index(of: placing.lowest &+ (Page.byteCount &- 1))
        let hint = hints.lowestStart(pageCount: placing.pageCount)
        var page = max(lowest, hint)
        var searched: UInt = 0
        let searchesEverything =
            placing.alignment == Page.allocationGranularity
            && (lowest <= hint || placing.lowest <= Page.lowestAddress)
        while page < Page.index(of: placing.end) {
            if let base = allocations.previous(from: page),
                directory.table(of: base)?.state(at: base) == .available
            {
                // Measured no farther than is needed to fit, and to know the size class of the rest.
                let enough =
                    page &+ placing.pageCount &+ (placing.alignment &>> Page.shift)
                    &+ GapHints.mostPagesMeasured
                let end = allocations.next(
                    from: page &+ 1, notBeyond: min(enough, Page.endOfMap))
                if let found = fit(placing, from: page, to: end) {
                    noteGaps(around: found, in: PageRange(from: base, to: end), &journal)
                    if searchesEverything && searched > AddressMap.memorableSearchLength {
                        hints.noteNothingBelow(found.start, pageCount: placing.pageCount, &journal)
                    }
                    return found
                }
            }
            searched &+= 1
            page = max(allocations.next(from: page &+ 1), page &+ 1)
        }
        return nil
    }

    /// Drafts what is left of an available object when `range` is taken out of it.
    private func noteGaps(
        around range: PageRange, in object: PageRange, _ journal: inout Journal
    ) {
        hints.noteGap(from: object.start, to: range.start, &journal)
        hints.noteGap(from: range.end, to: object.end, &journal)
    }

    /// The same for pages that the caller chose.
    package func noteGaps(around range: PageRange, _ journal: inout Journal) {
        noteGaps(around: range, in: object(containing: range.start).range, &journal)
    }

    /// `placing` at the low end of the available pages `start ..< end`.
    private func fit(_ placing: Placing, from start: UInt, to end: UInt) -> PageRange? {
        let alignment = placing.alignment &>> Page.shift
        let first = (start &+ alignment &- 1) & ~(alignment &- 1)
        let limit = min(end, Page.index(of: placing.end))
        if first >= limit || limit &- first < placing.pageCount { return nil }
        return PageRange(from: first, to: first &+ placing.pageCount)
    }

    private func highestGap(for placing: Placing, _ journal: inout Journal) -> PageRange? {
        let alignment = placing.alignment &>> Page.shift
        let lowest = Page.index(of: placing.lowest &+ (Page.byteCount &- 1))
        var end = Page.index(of: placing.end)
        while end > lowest {
            let object = object(containing: end &- 1)
            let start = max(object.range.start, lowest)
            let limit = min(object.range.end, end)
            if object.state == .available && limit >= placing.pageCount {
                let first = (limit &- placing.pageCount) & ~(alignment &- 1)
                if first >= start && first < limit {
                    let found = PageRange(from: first, to: first &+ placing.pageCount)
                    noteGaps(around: found, in: object.range, &journal)
                    return found
                }
            }
            if object.range.start >= end { return nil }
            end = object.range.start
        }
        return nil
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
