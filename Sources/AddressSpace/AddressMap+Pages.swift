// Changing the state of pages inside one allocation.

extension AddressMap {
    /// What a range holds, counted once, for the operations that must decide over it.
    package struct Contents {
        package var committedPageCount: UInt = 0
        /// From the first committed page to the last.
        package var committedHull: PageRange?
        /// The enforced protection of all committed pages, if it is one; `nil` if they differ.
        package var commonEnforced: Protection?
        package var hasLockedPages = false

        /// Of pages none of which is committed.
        package init() {}
    }

    /// Looks at every run of `range`.
    ///
    /// - Parameter range: Pages of one allocation.
    /// - Complexity: O(runs in the range).
    package func contents(of range: PageRange) -> Contents {
        var result = Contents()
        var page = range.start
        var state = state(of: page)
        while true {
            let end = runs.next(from: page &+ 1, notBeyond: range.end)
            if state.isCommitted {
                let enforced = state.enforced
                if result.committedPageCount == 0 {
                    result.commonEnforced = enforced
                } else if result.commonEnforced != enforced {
                    result.commonEnforced = nil
                }
                result.committedPageCount &+= end &- page
                let part = PageRange(from: page, to: end)
                result.committedHull = result.committedHull?.joined(with: part) ?? part
                if state.isLocked { result.hasLockedPages = true }
            }
            if end >= range.end { return result }
            page = end
            state = directory.table(of: page)?.state(at: page) ?? .free
        }
    }

    /// Drafts `state` for every page of `range`, as far as the journal has room.
    ///
    /// - Parameter range: Pages of one allocation, claimed by the caller.
    /// - Returns: The page up to which the draft goes; the caller publishes, and goes on from there.
    package func setState(
        _ state: PageState, of range: PageRange, _ journal: inout Journal
    ) -> UInt {
        let end = runs.removeAll(from: range.start &+ 1, to: range.end, &journal)
        setBoundary(at: end, behind: state, &journal)
        guard let table = directory.table(of: range.start) else { return end }
        if allocations.contains(range.start) {
            table.setState(state, at: range.start, &journal)
        } else if range.start > 0 && self.state(of: range.start &- 1) == state {
            runs.remove(range.start, &journal)
        } else {
            runs.insert(range.start, &journal)
            table.setState(state, at: range.start, &journal)
        }
        return end
    }

    /// Drafts `state` for a whole allocation that is one run.
    package func setState(
        ofAllocation range: PageRange, to state: PageState, _ journal: inout Journal
    ) {
        directory.table(of: range.start)?.setState(state, at: range.start, &journal)
    }

    /// True if no run begins inside `range`, behind its first page.
    package func isOneRun(_ range: PageRange) -> Bool {
        runs.next(from: range.start &+ 1, notBeyond: range.end) == range.end
    }

    /// Page `end` keeps the state it has while the pages before it become `state`.
    private func setBoundary(at end: UInt, behind state: PageState, _ journal: inout Journal) {
        if end >= Page.endOfMap || allocations.contains(end) { return }
        let following = self.state(of: end)
        if following == state {
            runs.remove(end, &journal)
        } else if !runs.contains(end), let table = directory.table(of: end) {
            runs.insert(end, &journal)
            table.setState(following, at: end, &journal)
        }
    }
}
