// Where the facts about 4 GiB of address space are kept. The storage is lent by the caller as one
// zeroed block that the kernel fills page by page as it is touched; a table is never unmapped.

import Synchronization

/// Offsets into one table, in 64-bit words. A table covers `pageCount` pages.
package enum PageTableLayout {
    /// log2 of the pages that one table covers.
    package static let pageShift: UInt = 20
    package static let pageCount: UInt = 1 << pageShift
    package static let tableCount: UInt = Page.endOfMap >> pageShift

    /// Words of one boundary set: 32768 + 1024 + 32 + 1, padded to a cache line.
    static let boundaryWordCount: UInt = 33832
    static let runBoundaries: UInt = 0
    static let allocationBoundaries: UInt = boundaryWordCount
    /// Four page states to a word.
    static let states: UInt = 2 * boundaryWordCount
    /// Two attributes to a word; one for each granule, for allocations that begin on it.
    static let granuleAttributes: UInt = states + pageCount / 4
    /// Two attributes to a word; one for each page, for the few that begin inside a granule.
    static let pageAttributes: UInt = granuleAttributes + pageCount / 32
    /// One bit for each granule: how its pages are backed (LinuxKernel/GuardedBacking.swift).
    static let backing: UInt = pageAttributes + pageCount / 2
    /// One bit for each page: PagesWithContents.swift.
    static let contents: UInt = backing + 1024
    /// A boundary set for each size class of gaps, and one more: GapSets.swift.
    static let gapBoundaries: UInt = contents + pageCount / 64
    /// Size of a table in bytes, whole pages.
    package static let byteCount: UInt =
        (gapBoundaries + GapSets.setCount * boundaryWordCount) * 8 / 4096 * 4096 + 4096
}

/// One table.
@safe package struct PageTable {
    private let words: StampedWordPointer

    @inline(__always)
    package init(words: StampedWordPointer) { unsafe self.words = unsafe words }

    @inline(__always)
    func word(_ offset: UInt) -> StampedWordPointer { unsafe words + Int(bitPattern: offset) }

    @inline(__always)
    private func stateWord(_ page: UInt) -> StampedWordPointer {
        unsafe word(PageTableLayout.states &+ (page & (PageTableLayout.pageCount &- 1)) &>> 2)
    }

    /// The state stored at `page`; meaningful where a run begins.
    @inline(__always)
    func state(at page: UInt) -> PageState {
        let shift = UInt32(truncatingIfNeeded: page & 3) &<< 3
        return PageState(
            rawValue: UInt8(truncatingIfNeeded: unsafe payload(of: stateWord(page)) &>> shift))
    }

    @inline(__always)
    func setState(_ state: PageState, at page: UInt, _ journal: inout Journal) {
        let shift = UInt32(truncatingIfNeeded: page & 3) &<< 3
        unsafe journal.change(
            stateWord(page), keeping: ~(0xFF &<< shift), setting: UInt32(state.rawValue) &<< shift)
    }

    /// Attributes have a home for each granule and, apart from it, one for each other page.
    @inline(__always)
    private func attributeWord(_ page: UInt) -> (word: StampedWordPointer, shift: UInt32) {
        let page = page & (PageTableLayout.pageCount &- 1)
        if page & (Page.perGranule &- 1) == 0 {
            let granule = page / Page.perGranule
            return unsafe (
                word(PageTableLayout.granuleAttributes &+ granule &>> 1),
                UInt32(truncatingIfNeeded: granule & 1) &<< 4
            )
        }
        return unsafe (
            word(PageTableLayout.pageAttributes &+ page &>> 1),
            UInt32(truncatingIfNeeded: page & 1) &<< 4
        )
    }

    /// The attributes stored at `page`; meaningful where an allocation begins.
    @inline(__always)
    func attributes(at page: UInt) -> AllocationAttributes {
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

    /// The backing bit of `granule` (its number in the whole address space).
    @inline(__always)
    package func backingWord(_ granule: UInt) -> StampedWordPointer {
        unsafe word(PageTableLayout.backing &+ (granule & 0xFFFF) &>> 6)
    }

    /// The contents bits of `page` and its 63 neighbours.
    @inline(__always)
    func contentsWord(_ page: UInt) -> StampedWordPointer {
        unsafe word(PageTableLayout.contents &+ (page & (PageTableLayout.pageCount &- 1)) &>> 6)
    }
}
