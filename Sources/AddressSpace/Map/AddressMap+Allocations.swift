// Makes and removes allocations and arenas. An extent is what lies between two allocation boundaries: an
// allocation, a gap or an unowned stretch (I3).

extension AddressMap {
    /// Drafts a new allocation, all of whose pages are in `state`.
    ///
    /// - Parameters:
    ///   - range: Lies inside one gap or one unowned stretch; tables exist for both ends.
    ///   - free: The state of that space: `.unowned` or `.available`.
    package func reserve(
        _ range: PageRange, _ attributes: AllocationAttributes, as state: PageState,
        in free: PageState, _ journal: inout Journal
    ) {
        guard let table = directory.table(of: range.start) else { return }
        if free == .available {
            cutGap(around: range, &journal)
        } else {
            noteTaken(range, &journal)
        }
        if range.end >= Page.endOfMap || allocations.contains(range.end) {
            setLastState(state, before: range.end, &journal)
        } else {
            insertBoundary(at: range.end, between: state, and: free, &journal)
        }
        if allocations.contains(range.start) {
            table.setState(state, at: range.start, &journal)
        } else {
            insertBoundary(at: range.start, between: free, and: state, &journal)
        }
        table.setAttributes(attributes, at: range.start, &journal)
    }

    /// Drafts that `range` becomes available: an arena begins, or grows.
    ///
    /// - Parameter range: Pages of one unowned stretch; tables exist for both ends.
    package func openArena(_ range: PageRange, _ journal: inout Journal) {
        noteTaken(range, &journal)
        setFree(range, to: .available, &journal)
    }

    /// Drafts that `range` becomes free space: an allocation is released, or an arena is given up.
    ///
    /// - Parameters:
    ///   - range: An allocation of one run, or pages of one gap; tables exist for both ends.
    ///   - state: `.available` or `.unowned`. Neighbours in the same state are joined (I4).
    package func setFree(_ range: PageRange, to state: PageState, _ journal: inout Journal) {
        guard let table = directory.table(of: range.start) else { return }
        if state == .unowned {
            if self.state(of: range.start) == .available { cutGap(around: range, &journal) }
            noteFree(range, &journal)
        }
        var gapStart = range.start
        let before = range.start > 0 ? self.state(before: range.start) : .unowned
        if before == state && range.start > 0 {
            gapStart = allocations.previous(from: range.start &- 1) ?? 0
            allocations.removeInLine(range.start, &journal)
            runs.removeInLine(range.start, &journal)
        } else if allocations.contains(range.start) {
            table.setState(state, at: range.start, &journal)
        } else {
            insertBoundary(at: range.start, between: before, and: state, &journal)
        }
        let neighbour = joinBehind(range, state, &journal)
        if state == .available {
            joinGaps(around: range, from: gapStart, neighbour, &journal)
        }
    }

    /// Drafts that an allocation, and the available pages behind it up to `end`, become `.unowned`.
    ///
    /// - Parameters:
    ///   - range: An allocation of one run.
    ///   - end: Not beyond the gap that follows the allocation. Tables exist for `end` and for both ends of
    ///     `range`.
    package func setFree(_ range: PageRange, throughGapUpTo end: UInt, _ journal: inout Journal) {
        guard let table = directory.table(of: range.start) else { return }
        let whole = PageRange(from: range.start, to: end)
        cutGap(around: PageRange(from: range.end, to: end), &journal)
        noteFree(whole, &journal)
        if range.start > 0 && state(before: range.start) == .unowned {
            allocations.remove(range.start, &journal)
            runs.remove(range.start, &journal)
        } else {
            table.setState(.unowned, at: range.start, &journal)
        }
        allocations.remove(range.end, &journal)
        runs.remove(range.end, &journal)
        _ = joinBehind(whole, .unowned, &journal)
    }

    /// Drafts the boundary behind pages that become free. None remains if the pages that follow are in the
    /// same state.
    private func joinBehind(
        _ range: PageRange, _ state: PageState, _ journal: inout Journal
    ) -> NeighbourBehind {
        if range.end >= Page.endOfMap || !allocations.contains(range.end) {
            if range.end < Page.endOfMap {
                let following = self.state(of: range.end)
                insertBoundary(at: range.end, between: state, and: following, &journal)
            }
            return .differs
        }
        if directory.table(of: range.end)?.state(at: range.end) != state {
            setLastState(state, before: range.end, &journal)
            return .differs
        }
        allocations.removeInLine(range.end, &journal)
        runs.removeInLine(range.end, &journal)
        return .joined
    }

    /// Drafts new attributes for an existing allocation.
    package func setAttributes(
        _ attributes: AllocationAttributes, of allocation: Allocation, _ journal: inout Journal
    ) {
        setAttributes(attributes, at: allocation.range.start, &journal)
    }

    /// Drafts the attributes of an allocation that begins, or is to begin, at `base`.
    @inline(never)
    @_optimize(size)
    func setAttributes(
        _ attributes: AllocationAttributes, at base: UInt, _ journal: inout Journal
    ) {
        directory.table(of: base)?.setAttributes(attributes, at: base, &journal)
    }

    /// Drafts an allocation boundary, which is a run boundary too, at `page`.
    func insertBoundary(
        at page: UInt, between before: PageState, and after: PageState, _ journal: inout Journal
    ) {
        guard let table = directory.table(of: page) else { return }
        allocations.insertInLine(page, &journal)
        runs.insertInLine(page, &journal)
        table.setStates(before, after, around: page, &journal)
    }
}
