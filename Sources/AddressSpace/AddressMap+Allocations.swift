// Making and removing allocations and arenas: the changes to the objects of the map.

extension AddressMap {
    /// Drafts a new allocation, all of whose pages are in `state`.
    ///
    /// - Parameter range: Lies inside one free or available object; tables exist for both ends.
    package func reserve(
        _ range: PageRange, _ attributes: AllocationAttributes, as state: PageState,
        _ journal: inout Journal
    ) {
        guard let table = directory.table(of: range.start) else { return }
        split(at: range.end, &journal)
        allocations.insert(range.start, &journal)
        runs.insert(range.start, &journal)
        table.setState(state, at: range.start, &journal)
        table.setAttributes(attributes, at: range.start, &journal)
    }

    /// Drafts that `range` becomes free space: an allocation ends, or an arena comes or goes.
    ///
    /// - Parameters:
    ///   - range: An allocation of one run, or pages of one free or available object; tables exist
    ///     for both ends.
    ///   - state: `.available` or `.free`. Neighbours in the same state are joined (I4).
    package func setFree(_ range: PageRange, to state: PageState, _ journal: inout Journal) {
        guard let table = directory.table(of: range.start) else { return }
        var gap = range
        let before = range.start == 0 ? nil : object(containing: range.start &- 1)
        if let before, before.state == state {
            allocations.remove(range.start, &journal)
            runs.remove(range.start, &journal)
            gap = gap.joined(with: before.range)
        } else {
            allocations.insert(range.start, &journal)
            runs.insert(range.start, &journal)
            table.setState(state, at: range.start, &journal)
        }
        if range.end < Page.endOfMap && allocations.contains(range.end) {
            let behind = object(containing: range.end)
            if behind.state == state {
                allocations.remove(range.end, &journal)
                runs.remove(range.end, &journal)
                gap = gap.joined(with: behind.range)
            }
        } else {
            split(at: range.end, &journal)
        }
        if state == .available { hints.noteGap(gap, &journal) }
    }

    /// Drafts new attributes for an existing allocation.
    package func setAttributes(
        _ attributes: AllocationAttributes, of allocation: Allocation, _ journal: inout Journal
    ) {
        guard let table = directory.table(of: allocation.range.start) else { return }
        table.setAttributes(attributes, at: allocation.range.start, &journal)
    }

    /// Makes an object begin at `end`, like the one it is cut from.
    private func split(at end: UInt, _ journal: inout Journal) {
        if end >= Page.endOfMap || allocations.contains(end) { return }
        guard let table = directory.table(of: end) else { return }
        let state = self.state(of: end)
        allocations.insert(end, &journal)
        runs.insert(end, &journal)
        table.setState(state, at: end, &journal)
    }
}
