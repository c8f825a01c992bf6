// Attributes of allocations, in the table of their first page.

extension PageTable {
    /// The word that holds the attributes at `page`, and the shift. Pages on which a granule begins have an
    /// array of their own; all other pages share a second one.
    @inline(__always)
    private func attributeWord(_ page: UInt) -> (word: StampedWordPointer, shift: UInt32) {
        if page & (Page.perGranule &- 1) == 0 {
            let granule = PageTable.indexInTable(page) / Page.perGranule
            return unsafe (
                word(PageTableLayout.granuleAttributes &+ granule &>> 1),
                UInt32(truncatingIfNeeded: granule & 1) &<< 4
            )
        }
        let index = PageTable.indexInBlock(page)
        return unsafe (
            word(PageTableLayout.pageAttributes &+ index &>> 1, inBlockOf: page),
            UInt32(truncatingIfNeeded: index & 1) &<< 4
        )
    }

    /// The attributes stored at `page`; meaningful where an allocation begins.
    @inline(__always)
    package func attributes(at page: UInt) -> AllocationAttributes {
        let (word, shift) = unsafe attributeWord(page)
        return AllocationAttributes(
            rawValue: UInt16(truncatingIfNeeded: unsafe payload(of: word) &>> shift))
    }

    @inline(__always)
    func setAttributes(
        _ attributes: AllocationAttributes, at page: UInt, _ journal: inout Journal
    ) {
        let (word, shift) = unsafe attributeWord(page)
        unsafe journal.change(
            word, keeping: ~(0xFFFF &<< shift), setting: UInt32(attributes.rawValue) &<< shift)
    }
}
