// Placeholders: allocations without memory that are divided, joined, and replaced by other allocations. Each
// draft below changes the map only; no page of a placeholder is accessible before or after it.

extension AddressMap {
    /// The placeholder that has exactly the pages of `range`; `nil` if there is none.
    @inline(never)
    @_optimize(size)
    package func placeholder(_ range: PageRange) -> Allocation? {
        guard let allocation = allocation(containing: range.start), allocation.range == range,
            allocation.attributes.kind == .placeholder
        else { return nil }
        return allocation
    }

    /// Whether `range` consists of two or more placeholders.
    @inline(never)
    @_optimize(size)
    package func areSeveralPlaceholders(_ range: PageRange) -> Bool {
        var page = range.start
        while page < range.end {
            guard let piece = allocation(containing: page), piece.range.start == page,
                piece.attributes.kind == .placeholder, piece.range != range
            else { return false }
            page = piece.range.end
        }
        return page == range.end
    }

    /// Drafts that `part` becomes a placeholder, and that the rest of its allocation stays as one allocation or
    /// as two.
    ///
    /// If there is a rest, all of it counts as carved out of an arena from then on, for the reason given at
    /// `free(_:_:)`.
    ///
    /// - Parameter part: Pages of one run of an allocation; tables exist for both ends, and for the first page
    ///   of the allocation.
    @inline(never)
    @_optimize(size)
    package func setPlaceholder(_ part: PageRange, _ journal: inout Journal) {
        guard let allocation = allocation(containing: part.start) else { return }
        let whole = allocation.range
        let attributes = whole == part ? allocation.attributes : allocation.attributes.inArena
        if part.end < whole.end {
            let following = state(of: part.end)
            insertBoundary(at: part.end, between: .placeholder, and: following, &journal)
            setAttributes(attributes, at: part.end, &journal)
        }
        if whole.start < part.start {
            let before = state(before: part.start)
            insertBoundary(at: part.start, between: before, and: .placeholder, &journal)
            setAttributes(attributes, at: whole.start, &journal)
        }
        setState(.placeholder, ofRun: part, &journal)
        setAttributes(attributes.asPlaceholder, at: part.start, &journal)
    }

    /// Drafts that memory in `state` replaces the placeholder `range`.
    @inline(never)
    @_optimize(size)
    package func replacePlaceholder(
        _ range: PageRange, by initialProtection: PageProtection, as state: PageState,
        _ journal: inout Journal
    ) {
        guard let placeholder = placeholder(range) else { return }
        setState(state, ofRun: range, &journal)
        setAttributes(
            placeholder.attributes.replaced(by: initialProtection), at: range.start, &journal)
    }

    /// Drafts the state of a run that has boundaries at both ends.
    @inline(never)
    @_optimize(size)
    private func setState(
        _ state: PageState, ofRun range: PageRange, _ journal: inout Journal
    ) {
        directory.table(of: range.start)?.setState(state, at: range.start, &journal)
        setLastState(state, before: range.end, &journal)
    }

    /// Entries for the removal of one boundary from two sets.
    private static var entriesOfBoundary: UInt { 2 * BoundarySet.levelCount }

    /// Drafts that the placeholders of `range` become one, from `page` on and as far as the journal has room.
    ///
    /// - Parameter range: Placeholders, claimed by the caller.
    /// - Returns: The boundary at which to continue; `.max` if that was all.
    @inline(never)
    @_optimize(size)
    package func joinPlaceholders(
        of range: PageRange, from page: UInt, _ journal: inout Journal
    ) -> UInt {
        guard let first = allocation(containing: range.start) else { return .max }
        // The mappings no longer belong to one allocation each.
        setAttributes(first.attributes.inArena, at: first.range.start, &journal)
        var boundary = allocations.next(
            from: max(page, range.start &+ 1), notBeyond: range.end)
        while boundary < range.end {
            if journal.remaining < AddressMap.entriesOfBoundary { return boundary }
            allocations.remove(boundary, &journal)
            runs.remove(boundary, &journal)
            boundary = allocations.next(from: boundary &+ 1, notBeyond: range.end)
        }
        return .max
    }
}
