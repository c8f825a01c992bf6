// Addresses outside all arenas and allocations: nobody's, or somebody else's. Where such stretches end
// is kept in a set, so that a search among them steps over everything of ours at once.

extension AddressMap {
    /// Where free objects end; but for the end of the map.
    var freeEnds: BoundarySet { BoundarySet(BoundarySet.freeEnds, in: storage) }

    /// Drafts that the free pages of `range` are free no longer.
    @inline(never)
    func noteTaken(_ range: PageRange, _ journal: inout Journal) {
        if range.start > 0 && state(of: range.start &- 1) == .free {
            freeEnds.insert(range.start, &journal)
        }
        if range.end < Page.endOfMap { freeEnds.remove(range.end, &journal) }
    }

    /// Drafts that `range` becomes free.
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
        // The last stretch of all is not in the set.
        let last = allocations.previous(from: end &- 1) ?? 0
        if end == Page.endOfMap && state(of: last) != .free { return end }
        return max(last, page)
    }

    /// The pages of ours around `range`, less those available ones at the end named at which something
    /// may begin that lies partly in them and partly outside.
    ///
    /// - Parameters:
    ///   - range: An allocation.
    ///   - direction: Where the caller goes on: up, or down.
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
