// Changing the state of pages inside one allocation.

extension AddressMap {
    /// A summary of the page states in a range, on which operations base their decisions.
    package struct RangeSummary: Equatable {
        package var committedPageCount: UInt = 0
        /// From the first committed page to the last.
        package var committedHull: PageRange?
        /// The enforced protection of the committed pages, if all have the same; `nil` otherwise.
        package var commonEnforced: Protection?
        package var hasLockedPages = false
        /// Whether all pages are in one state.
        package var isOneRun = true

        /// The summary of pages of which none is committed.
        package init() {}

        /// The summary of pages that are all in `state`.
        @inline(__always)
        init(of range: PageRange, in state: PageState) {
            if !state.isCommitted { return }
            committedPageCount = range.pageCount
            committedHull = range
            commonEnforced = state.enforced
            hasLockedPages = state.isLocked
        }

        /// Adds a run of `range`.
        @inline(__always)
        mutating func add(_ run: Run, of range: PageRange) {
            if run.range != range { isOneRun = false }
            let (pages, state) = (run.range, run.state)
            if !state.isCommitted { return }
            let enforced = state.enforced
            if committedPageCount == 0 {
                commonEnforced = enforced
            } else if commonEnforced != enforced {
                commonEnforced = nil
            }
            committedPageCount &+= pages.pageCount
            committedHull = committedHull?.joined(with: pages) ?? pages
            if state.isLocked { hasLockedPages = true }
        }
    }

    /// The allocation that begins at `page` and its summary, if it is one run; `nil` otherwise.
    @_optimize(size)
    package func allocationOfOneRun(
        basedAt page: UInt
    ) -> (allocation: Allocation, summary: RangeSummary)? {
        guard allocations.contains(page), let table = directory.table(of: page),
            !table.state(at: page).isFree
        else { return nil }
        let end = max(runs.next(from: page &+ 1), page &+ 1)
        if !allocations.contains(end) { return nil }
        let range = PageRange(from: page, to: end)
        return (
            Allocation(range: range, attributes: table.attributes(at: page)),
            RangeSummary(of: range, in: table.state(at: page))
        )
    }

    /// Drafts `state` for every page of `range`, as far as the journal has room.
    ///
    /// - Parameter range: Pages of one allocation, claimed by the caller.
    /// - Returns: The page up to which the draft reaches. The caller publishes it and continues from there.
    package func setState(
        _ state: PageState, of range: PageRange, _ journal: inout Journal
    ) -> UInt {
        if let old = fastState(of: range) {
            setState(state, of: range, from: old, &journal)
            return range.end
        }
        return setStateThoroughly(state, of: range, &journal)
    }

    @inline(never)
    func setStateThoroughly(
        _ state: PageState, of range: PageRange, _ journal: inout Journal
    ) -> UInt {
        let end = runs.removeAll(from: range.start &+ 1, to: range.end, &journal)
        setFarEnd(end, behind: state, &journal)
        guard let table = directory.table(of: range.start) else { return end }
        if allocations.contains(range.start) {
            table.setState(state, at: range.start, &journal)
            return end
        }
        let before = self.state(before: range.start)
        if before == state {
            runs.remove(range.start, &journal)
        } else {
            runs.insert(range.start, &journal)
            table.setStates(before, state, around: range.start, &journal)
        }
        return end
    }

    /// Drafts that the pages before `end` become `state` while page `end` keeps its state.
    @inline(never)
    func setFarEnd(_ end: UInt, behind state: PageState, _ journal: inout Journal) {
        if end >= Page.endOfMap || allocations.contains(end) {
            return setLastState(state, before: end, &journal)
        }
        let following = self.state(of: end)
        if following == state { return runs.remove(end, &journal) }
        guard let table = directory.table(of: end) else { return }
        runs.insert(end, &journal)
        table.setStates(state, following, around: end, &journal)
    }

    /// Drafts the state of the last page of a run, unless a block ends there (I11).
    @inline(__always)
    func setLastState(_ state: PageState, before end: UInt, _ journal: inout Journal) {
        if end & (PageTableLayout.blockPageCount &- 1) == 0 { return }
        directory.table(of: end &- 1)?.setState(state, at: end &- 1, &journal)
    }
}
