// Addresses outside all arenas and allocations (`.free`): unused, or used by other mappings. The ends of such
// free stretches are kept in a set, so that a search steps over all of our memory between two of them at
// once.

extension AddressMap {
    /// The ends of free stretches, except the end of the map.
    var freeEnds: BoundarySet { BoundarySet(BoundarySet.freeEnds, in: storage) }

    /// Drafts the free ends for `range`, which is no longer free.
    @inline(never)
    func noteTaken(_ range: PageRange, _ journal: inout Journal) {
        if range.start > 0 && state(of: range.start &- 1) == .free {
            freeEnds.insert(range.start, &journal)
        }
        if range.end < Page.endOfMap { freeEnds.remove(range.end, &journal) }
    }

    /// Drafts the free ends for `range`, which becomes free.
    @inline(never)
    func noteFree(_ range: PageRange, _ journal: inout Journal) {
        freeEnds.remove(range.start, &journal)
        if range.end < Page.endOfMap && state(of: range.end) != .free {
            freeEnds.insert(range.end, &journal)
        }
    }

    /// The first free page at `page` or behind it; `Page.endOfMap` if there is none. O(1).
    func firstFree(from page: UInt) -> UInt {
        let end = freeEnds.next(from: page &+ 1)
        // The end of the last free stretch is not in the set if it is the end of the map.
        let last = allocations.previous(from: end &- 1) ?? 0
        if end == Page.endOfMap && state(of: last) != .free { return end }
        return max(last, page)
    }

    /// The pages of ours around `range` that a search can step over. A gap at the far end is left out: an
    /// allocation may begin in it and end in the free space beyond.
    ///
    /// - Parameters:
    ///   - range: An allocation.
    ///   - direction: Whether the search continues upwards or downwards.
    package func obstacle(
        around range: PageRange, _ direction: PlacementRequest.Direction
    ) -> PageRange {
        switch direction {
        case .lowestFirst:
            let free = firstFree(from: range.end)
            let last = object(containing: max(free, range.end) &- 1)
            let end = last.state == .available ? last.range.start : free
            return PageRange(from: range.start, to: max(end, range.end))
        case .highestFirst:
            let free = min(freeEnds.previous(from: range.start) ?? 0, range.start)
            let first = object(containing: free)
            let start = first.state == .available ? first.range.end : free
            return PageRange(from: min(start, range.start), to: range.end)
        }
    }
}
