// The fast path: a short range is one of at most 32 pages whose bits are in one word of a boundary set.

extension AddressMap {
    /// The number of bits in a word of a boundary set.
    package static var mostPagesOfShortRange: UInt { 32 }

    /// The state of all pages of `range`, if it is a short range inside one run; `nil` otherwise.
    @inline(__always)
    package func fastState(of range: PageRange) -> PageState? {
        let last = range.end &- 1
        guard let table = tableOfShort(range) else { return nil }
        let bits = unsafe payload(of: runs.word(table, level: 0, holding: last))
        let upToStart = bits & BoundaryBits.mask(upTo: range.start)
        if upToStart != bits & BoundaryBits.mask(upTo: last) { return nil }
        if upToStart == 0 { return farState(of: last) }
        return table.state(at: BoundaryBits.last(of: upToStart, near: last))
    }

    /// The state of a page whose run begins in an earlier word.
    @inline(never)
    private func farState(of page: UInt) -> PageState? {
        guard let start = runs.previousFar(from: page) else { return nil }
        return directory.table(of: start)?.state(at: start)
    }

    /// Whether `range` is short and both of its ends are in one table, which exists.
    @inline(__always)
    package func isShort(_ range: PageRange) -> Bool { tableOfShort(range) != nil }

    /// That table; `nil` if the range is not short, its ends are in two tables, or there is none.
    @inline(__always)
    private func tableOfShort(_ range: PageRange) -> PageTable? {
        let last = range.end &- 1
        if (range.start ^ last) &>> 5 != 0 || (range.end ^ last) &>> PageTableLayout.pageShift != 0
        {
            return nil
        }
        return directory.table(of: last)
    }

    /// The allocation that begins at `page`, if it is plain, ends no later than the word of `page`, and is
    /// one run in `state`; `nil` otherwise.
    @inline(__always)
    package func fastAllocation(basedAt page: UInt, in state: PageState) -> PageRange? {
        guard let table = directory.table(of: page), table.state(at: page) == state else {
            return nil
        }
        let extents = unsafe payload(of: allocations.word(table, level: 0, holding: page))
        let bits = unsafe payload(of: runs.word(table, level: 0, holding: page))
        let upToPage = BoundaryBits.mask(upTo: page)
        if extents & BoundaryBits.bit(of: page) == 0 || !table.attributes(at: page).isPlain {
            return nil
        }
        let behind = extents & ~upToPage
        // No run may begin inside the allocation.
        if behind != 0 {
            if bits & ~upToPage & (behind &- 1) & ~behind != 0 { return nil }
            return PageRange(from: page, to: BoundaryBits.first(of: behind, near: page))
        }
        let end = (page | 31) &+ 1
        if bits & ~upToPage != 0 || !allocations.contains(end)
            || (end ^ page) &>> PageTableLayout.pageShift != 0
        {
            return nil
        }
        return PageRange(from: page, to: end)
    }

    /// Same as `setState`, for a short range that `fastState` found in `old`.
    @inline(__always)
    package func setState(
        _ state: PageState, of range: PageRange, from old: PageState, _ journal: inout Journal
    ) {
        guard let table = directory.table(of: range.start) else { return }
        let word = unsafe runs.word(table, level: 0, holding: range.start)
        let bits = unsafe payload(of: word)
        let extents = unsafe payload(
            of: allocations.word(table, level: 0, holding: range.start))
        let startBit = BoundaryBits.bit(of: range.start)
        let before = bits & startBit == 0 ? old : self.state(before: range.start)
        let isStart = extents & startBit != 0 || before != state
        var changing = startBit
        var setting = isStart ? startBit : 0
        if range.end & 31 == 0 {
            setFarEnd(range.end, behind: state, &journal)
        } else {
            let endBit = BoundaryBits.bit(of: range.end)
            let after = bits & endBit == 0 ? old : table.state(at: range.end)
            let isEnd = extents & endBit != 0 || after != state
            changing |= endBit
            setting |= isEnd ? endBit : 0
            if isEnd { table.setStates(state, after, around: range.end, &journal) }
        }
        let change = unsafe journal.change(word, keeping: ~changing, setting: setting)
        if isStart { table.setStates(before, state, around: range.start, &journal) }
        if change.before == 0 && change.after != 0 { runs.insertAbove(range.start, &journal) }
        if change.before != 0 && change.after == 0 { runs.removeAbove(range.start, &journal) }
    }

    /// Same as `reserve`, for a short range at the frontier.
    @inline(__always)
    package func reserveAtFrontier(
        _ range: PageRange, _ attributes: AllocationAttributes, as state: PageState,
        _ journal: inout Journal
    ) {
        // The word of the range also holds the boundary at its start, where the gap begins. So the word is
        // not empty, and no level above it changes.
        guard range.end & 31 != 0, let table = directory.table(of: range.start) else {
            return reserve(range, attributes, as: state, in: .available, &journal)
        }
        changeBoundary(at: range.end, in: table, keeping: .max, setting: .max, &journal)
        table.setState(state, at: range.start, &journal)
        table.setStates(state, .available, around: range.end, &journal)
        table.setAttributes(attributes, at: range.start, &journal)
        frontier = range.end
    }

    /// Same as `setFree`, for a short allocation.
    @inline(__always)
    package func setAvailable(_ range: PageRange, _ journal: inout Journal) {
        guard range.end & 31 != 0, range.start & (PageTableLayout.blockPageCount &- 1) != 0,
            let table = directory.table(of: range.start),
            table.state(at: range.start &- 1) != .available,
            table.state(at: range.end) == .available, isClear(behind: range.end)
        else { return setFree(range, to: .available, &journal) }
        changeBoundary(at: range.end, in: table, keeping: 0, setting: 0, &journal)
        table.setState(.available, at: range.start, &journal)
        noteLargeGap(from: range.start)
    }

    /// Inserts or removes a run boundary and an allocation boundary at `page`, in words that hold another
    /// boundary, so that no level above changes.
    ///
    /// - Parameters:
    ///   - kept: All bits set to insert the boundary; zero to remove it.
    ///   - set: The same.
    @inline(__always)
    private func changeBoundary(
        at page: UInt, in table: PageTable, keeping kept: UInt32, setting set: UInt32,
        _ journal: inout Journal
    ) {
        let bit = BoundaryBits.bit(of: page)
        unsafe journal.change(
            allocations.word(table, level: 0, holding: page),
            keeping: kept | ~bit, setting: set & bit)
        unsafe journal.change(
            runs.word(table, level: 0, holding: page), keeping: kept | ~bit, setting: set & bit)
    }
}
