// Cuts an allocation: a part of it becomes free, and the rest remains as one allocation or as two.

extension AddressMap {
    /// Drafts that `part` becomes available, and that the rest above it becomes an allocation of its own.
    ///
    /// From then on the rest counts as carved out of an arena, even if the allocation had a mapping of its
    /// own: that mapping no longer belongs to one allocation.
    ///
    /// - Parameter part: Pages of one run of an allocation, not all of it; tables exist for both ends,
    ///   and for the first page of the allocation. Other threads may have released parts of the allocation
    ///   since the caller last read it.
    package func free(_ part: PageRange, _ journal: inout Journal) {
        guard let allocation = allocation(containing: part.start) else { return }
        let attributes = allocation.attributes.inArena
        if part.start > allocation.range.start {
            setAttributes(attributes, of: allocation, &journal)
        }
        if part.end < allocation.range.end { setAttributes(attributes, at: part.end, &journal) }
        setFree(part, to: .available, &journal)
    }
}
