// Cutting an allocation: a part of it becomes free, the rest goes on as one allocation or two.

extension AddressMap {
    /// Drafts that `part` becomes available, and what is left above it an allocation of its own.
    ///
    /// What is left counts as carved out of an arena from now on, wherever it came from: its mapping
    /// is no longer that of one allocation.
    ///
    /// - Parameter part: Pages of one run of an allocation, not all of it; tables exist for both ends,
    ///   and for the first page of the allocation. Of that others may have released parts since the
    ///   caller looked at it last.
    package func free(_ part: PageRange, _ journal: inout Journal) {
        guard let allocation = allocation(containing: part.start) else { return }
        let attributes = allocation.attributes.inArena
        if part.start > allocation.range.start {
            setAttributes(attributes, of: allocation, &journal)
        }
        if part.end < allocation.range.end, let table = directory.table(of: part.end) {
            table.setAttributes(attributes, at: part.end, &journal)
        }
        setFree(part, to: .available, &journal)
    }
}
