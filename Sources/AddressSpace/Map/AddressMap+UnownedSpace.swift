// Addresses outside all arenas and allocations (`.unowned`): unused, or used by other mappings. The ends of such
// unowned stretches are kept in a set, so that a search steps over all of our memory between two of them at
// once.

extension AddressMap {
    /// The ends of unowned stretches, except the end of the map.
    var unownedEnds: BoundarySet { BoundarySet(BoundarySet.unownedEnds, in: storage) }

    /// Drafts the unowned ends for `range`, which is no longer unowned.
    @inline(never)
    func noteTaken(_ range: PageRange, _ journal: inout Journal) {
        if range.start > 0 && state(of: range.start &- 1) == .unowned {
            unownedEnds.insert(range.start, &journal)
        }
        if range.end < Page.endOfMap { unownedEnds.remove(range.end, &journal) }
    }

    /// Drafts the unowned ends for `range`, which becomes unowned.
    @inline(never)
    func noteFree(_ range: PageRange, _ journal: inout Journal) {
        unownedEnds.remove(range.start, &journal)
        if range.end < Page.endOfMap && state(of: range.end) != .unowned {
            unownedEnds.insert(range.end, &journal)
        }
    }

    /// The first unowned page at `page` or behind it; `Page.endOfMap` if there is none. O(1).
    func firstUnowned(from page: UInt) -> UInt {
        let end = unownedEnds.next(from: page &+ 1)
        // The end of the last unowned stretch is not in the set if it is the end of the map.
        let last = allocations.previous(from: end &- 1) ?? 0
        if end == Page.endOfMap && state(of: last) != .unowned { return end }
        return max(last, page)
    }

    /// The pages of ours around `range` that a search can step over. A gap at the far end is left out: an
    /// allocation may begin in it and end in the unowned space beyond.
    ///
    /// - Parameters:
    ///   - range: An allocation.
    ///   - direction: Whether the search continues upwards or downwards.
    package func obstacle(
        around range: PageRange, _ direction: PlacementRequest.Direction
    ) -> PageRange {
        switch direction {
        case .lowestFirst:
            let unowned = firstUnowned(from: range.end)
            let last = extent(containing: max(unowned, range.end) &- 1)
            let end = last.state == .available ? last.range.start : unowned
            return PageRange(from: range.start, to: max(end, range.end))
        case .highestFirst:
            let unowned = min(unownedEnds.previous(from: range.start) ?? 0, range.start)
            let first = extent(containing: unowned)
            let start = first.state == .available ? first.range.end : unowned
            return PageRange(from: min(start, range.start), to: range.end)
        }
    }
}
