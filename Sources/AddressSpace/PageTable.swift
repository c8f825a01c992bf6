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
    /// Those of runs and allocations alternate, because who looks at one looks at the other.
    static let boundaries: UInt = 0
    // Behind them a boundary set for each size class of gaps: GapSets.swift.
    /// Four page states to a word, two pages off: so the states on both sides of a boundary are in
    /// one word wherever the boundary is that of a granule, and mostly elsewhere.
    static let states: UInt = BoundarySet.count * boundaryWordCount
    static let stateOffset: UInt = 2
    /// Two attributes to a word; one for each granule, for allocations that begin on it.
    static let granuleAttributes: UInt = states + pageCount / 4 + 8
    /// Two attributes to a word; one for each page, for the few that begin inside a granule.
    static let pageAttributes: UInt = granuleAttributes + pageCount / 32
    /// One bit for each granule: how its pages are backed (LinuxKernel/GuardedBacking.swift).
    static let backing: UInt = pageAttributes + pageCount / 2
    /// One bit for each page: PagesWithContents.swift.
    static let contents: UInt = backing + 1024
    /// Size of a table in bytes, whole pages.
    package static let byteCount: UInt = (contents + pageCount / 64) * 8 / 4096 * 4096 + 4096
}

/// One table.
@safe package struct PageTable {
    private let words: StampedWordPointer

    @inline(__always)
    package init(words: StampedWordPointer) { unsafe self.words = unsafe words }

    @inline(__always)
    func word(_ offset: UInt) -> StampedWordPointer { unsafe words + Int(bitPattern: offset) }

    /// Word `index` of boundary set `number`, counted from the first word of its lowest level.
    @inline(__always)
    func boundaryWord(_ index: UInt, ofSet number: UInt) -> StampedWordPointer {
        if number < BoundarySet.firstOfGaps {
            return unsafe word(PageTableLayout.boundaries &+ index &* 2 &+ number)
        }
        return unsafe word(number &* PageTableLayout.boundaryWordCount &+ index)
    }

    /// Where the state of `page` is kept, in bytes of payload from the table's first state.
    @inline(__always)
    private func stateIndex(_ page: UInt) -> UInt {
        (page & (PageTableLayout.pageCount &- 1)) &+ PageTableLayout.stateOffset
    }

    @inline(__always)
    private func stateWord(_ index: UInt) -> StampedWordPointer {
        unsafe word(PageTableLayout.states &+ index &>> 2)
    }

    /// The state stored at `page`; meaningful where a run begins or ends.
    @inline(__always)
    func state(at page: UInt) -> PageState {
        let index = stateIndex(page)
        let shift = UInt32(truncatingIfNeeded: index & 3) &<< 3
        return PageState(
            rawValue: UInt8(truncatingIfNeeded: unsafe payload(of: stateWord(index)) &>> shift))
    }

    /// Asks the processor for the states around `page`, which are wanted as soon as its run is known.
    @inline(__always)
    func expectState(at page: UInt) {
        unsafe _ = stateWord(stateIndex(page)).pointee.load(ordering: .relaxed)
    }

    @inline(__always)
    func setState(_ state: PageState, at page: UInt, _ journal: inout Journal) {
        let index = stateIndex(page)
        let shift = UInt32(truncatingIfNeeded: index & 3) &<< 3
        unsafe journal.change(
            stateWord(index), keeping: ~(0xFF &<< shift),
            setting: UInt32(state.rawValue) &<< shift)
    }

    /// Drafts the states on both sides of a boundary: of the page before `page`, if that is in this
    /// table, and of `page`.
    @inline(__always)
    func setStates(
        _ before: PageState, _ after: PageState, around page: UInt, _ journal: inout Journal
    ) {
        let index = stateIndex(page)
        let place = index & 3
        if place == 0 || index == PageTableLayout.stateOffset {
            setState(after, at: page, &journal)
            if place == 0 { setState(before, at: page &- 1, &journal) }
            return
        }
        let shift = UInt32(truncatingIfNeeded: place &- 1) &<< 3
        let states = UInt32(before.rawValue) | UInt32(after.rawValue) &<< 8
        unsafe journal.change(
            stateWord(index), keeping: ~(0xFFFF &<< shift), setting: states &<< shift)
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
