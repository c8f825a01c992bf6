// A page table holds the facts about 4 GiB of address space. The caller lends its storage as one zeroed block
// of memory, which the kernel fills page by page as it is touched. A table is never unmapped.
//
// A table has 32 blocks, of 128 MiB each. No page of its memory describes two blocks. So the memory that
// describes a block can go back to the kernel once nothing begins or ends in that block any more
// (IdlePages.swift).

import Synchronization

/// Offsets into one table, in 64-bit words. A table covers `pageCount` pages.
package enum PageTableLayout {
    /// log2 of the pages that one table covers.
    package static let pageShift: UInt = 20
    package static let pageCount: UInt = 1 << pageShift
    package static let tableCount: UInt = Page.endOfMap >> pageShift

    /// log2 of the pages of a block: those below one word of a boundary set's level 2.
    package static let blockShift: UInt = 15
    package static let blockPageCount: UInt = 1 << blockShift
    package static let blockCount: UInt = pageCount >> blockShift

    /// Level 0 of runs and of allocations. Their words alternate, because a search mostly reads both.
    static let boundaries: UInt = 0
    /// Two attributes to a word; one for each granule, for allocations that begin on it.
    static let granuleAttributes: UInt = boundaries + 2 * pageCount / 32
    /// Six page states to a word; each block has more words than its states need. Two bits of a word are
    /// left: those of the first two words of a granule hold the tag of a size class (GapSets.swift).
    static let states: UInt = granuleAttributes + pageCount / Page.perGranule / 2
    static let stateBlockShift: UInt = 13
    /// The states of a block begin one place late. So the states on both sides of a granule boundary always
    /// share a word, and those of five in six other boundaries do.
    static let stateOffset: UInt = 1
    /// Level 1 of runs and allocations, behind a block's states, in the page of the last of them.
    static let levelOneBehindStates: UInt = (blockPageCount + stateOffset + 5) / 6

    /// Facts that are read less often, one block after the other.
    static let blocks: UInt = states + blockCount << stateBlockShift
    // Offsets in such a block. Level 1 of the other boundary sets, in a page of its own:
    static let levelOne: UInt = 0
    /// One bit for each page: NotedPages.swift.
    static let noted: UInt = levelOne + 512
    /// Level 0 of the unowned ends.
    static let unownedEnds: UInt = noted + blockPageCount / 64
    /// Two attributes to a word; one for each page, for the few that begin inside a granule.
    static let pageAttributes: UInt = unownedEnds + blockPageCount / 32
    static let blockWordCount: UInt = pageAttributes + blockPageCount / 2

    /// Levels 2 and 3 of every boundary set: 32 words and one.
    static let upperLevels: UInt = blocks + blockCount * blockWordCount
    static let upperLevelWordCount: UInt = 33
    /// TableMemory.swift.
    static let usedStretches: UInt = upperLevels + BoundarySet.count * upperLevelWordCount
    /// One bit for each granule: how its pages are backed (GranuleSet.swift).
    static let backing: UInt = usedStretches + blockCount / 2 + 1
    /// One bit for each granule: set if the kernel's state there is not known (GranuleSet.swift).
    static let unsettled: UInt = backing + pageCount / Page.perGranule / 64
    /// Size of a table in bytes, whole pages.
    package static let byteCount: UInt = (unsettled + pageCount / Page.perGranule / 64) * 8
}

/// One table.
@safe package struct PageTable {
    private let words: StampedWordPointer

    @inline(__always)
    package init(words: StampedWordPointer) { unsafe self.words = unsafe words }

    @inline(__always)
    func word(_ offset: UInt) -> StampedWordPointer { unsafe words + Int(bitPattern: offset) }

    @inline(__always)
    static func indexInTable(_ page: UInt) -> UInt {
        page & (PageTableLayout.pageCount &- 1)
    }

    @inline(__always)
    static func indexInBlock(_ page: UInt) -> UInt {
        page & (PageTableLayout.blockPageCount &- 1)
    }

    /// Which block of the table `page` is in.
    @inline(__always)
    static func block(of page: UInt) -> UInt {
        page &>> PageTableLayout.blockShift & (PageTableLayout.blockCount &- 1)
    }

    /// Word `offset` of the part that is stored block by block, in the block of `page`.
    @inline(__always)
    func word(_ offset: UInt, inBlockOf page: UInt) -> StampedWordPointer {
        unsafe word(
            PageTableLayout.blocks &+ PageTable.block(of: page) &* PageTableLayout.blockWordCount
                &+ offset)
    }

    /// The word of level 0 of boundary set `number` that has the bit of `page`. The sets of gaps have no such
    /// words (GapSets.swift).
    @inline(__always)
    func lowestWord(holding page: UInt, ofSet number: UInt) -> StampedWordPointer {
        if number < BoundarySet.firstOfGaps {
            return unsafe word(
                PageTableLayout.boundaries &+ PageTable.indexInTable(page) &>> 5 &* 2 &+ number)
        }
        return unsafe word(
            PageTableLayout.unownedEnds &+ PageTable.indexInBlock(page) &>> 5, inBlockOf: page)
    }

    /// The word of `level`, 1 to 3, of boundary set `number` that stands above `page`.
    @inline(__always)
    func upperWord(level: UInt, above page: UInt, ofSet number: UInt) -> StampedWordPointer {
        if level == 1 {
            let index = PageTable.indexInBlock(page) &>> 10
            if number < BoundarySet.firstOfGaps {
                let start = PageTableLayout.levelOneBehindStates &+ number &* 32
                return unsafe stateWord(start &+ index, near: page)
            }
            let start = PageTableLayout.levelOne &+ (number &- BoundarySet.firstOfGaps) &* 32
            return unsafe word(start &+ index, inBlockOf: page)
        }
        let index = level == 2 ? PageTable.block(of: page) : PageTableLayout.blockCount
        return unsafe word(
            PageTableLayout.upperLevels &+ number &* PageTableLayout.upperLevelWordCount &+ index)
    }

    /// Where the state of `page` is stored: the index of the word in its block, and the shift.
    @inline(__always)
    private static func statePlace(_ page: UInt) -> (word: UInt, shift: UInt32) {
        let index = indexInBlock(page) &+ PageTableLayout.stateOffset
        // Division by six, exact for every index in a block.
        let word = (index &* 43691) &>> 18
        return (word, UInt32(truncatingIfNeeded: (index &- word &* 6) &* 5))
    }

    @inline(__always)
    private func stateWord(_ index: UInt, near page: UInt) -> StampedWordPointer {
        unsafe word(
            PageTableLayout.states
                &+ PageTable.block(of: page) &<< PageTableLayout.stateBlockShift &+ index)
    }

    /// The state stored at `page`; meaningful where a run begins or ends.
    @inline(__always)
    package func state(at page: UInt) -> PageState {
        let place = PageTable.statePlace(page)
        let states = unsafe payload(of: stateWord(place.word, near: page))
        return PageState(rawValue: UInt8(truncatingIfNeeded: states &>> place.shift) & 31)
    }

    /// Loads the states around `page` into the cache; the caller needs them as soon as it knows the run.
    @inline(__always)
    func prefetchState(at page: UInt) {
        let place = PageTable.statePlace(page)
        unsafe _ = stateWord(place.word, near: page).pointee.load(ordering: .relaxed)
    }

    @inline(__always)
    func setState(_ state: PageState, at page: UInt, _ journal: inout Journal) {
        let place = PageTable.statePlace(page)
        unsafe journal.change(
            stateWord(place.word, near: page), keeping: ~(31 &<< place.shift),
            setting: UInt32(state.rawValue) &<< place.shift)
    }

    /// Drafts the states on both sides of a boundary: of the page before `page`, if that is in this
    /// block, and of `page`.
    @inline(__always)
    func setStates(
        _ before: PageState, _ after: PageState, around page: UInt, _ journal: inout Journal
    ) {
        let place = PageTable.statePlace(page)
        let isFirst = page & (PageTableLayout.blockPageCount &- 1) == 0
        if place.shift == 0 || isFirst {
            setState(after, at: page, &journal)
            if !isFirst { setState(before, at: page &- 1, &journal) }
            return
        }
        let shift = place.shift &- 5
        let states = UInt32(before.rawValue) | UInt32(after.rawValue) &<< 5
        unsafe journal.change(
            stateWord(place.word, near: page), keeping: ~(0x3FF &<< shift),
            setting: states &<< shift)
    }

    /// The tag of the granule of `page` (GapSets.swift): the size class of the gap that ends in it plus one;
    /// zero if none does.
    @inline(__always)
    func gapTag(at page: UInt) -> UInt32 {
        let word = unsafe firstStateWord(ofGranuleOf: page)
        return unsafe payload(of: word) &>> 30 | (payload(of: word + 1) &>> 30) &<< 2
    }

    /// The tag as it will be once `journal` is carried out.
    @inline(__always)
    func gapTag(at page: UInt, after journal: inout Journal) -> UInt32 {
        let word = unsafe firstStateWord(ofGranuleOf: page)
        return unsafe journal.load(word) &>> 30 | (journal.load(word + 1) &>> 30) &<< 2
    }

    @inline(__always)
    func setGapTag(_ tag: UInt32, at page: UInt, _ journal: inout Journal) {
        let word = unsafe firstStateWord(ofGranuleOf: page)
        unsafe journal.change(word, keeping: ~(3 &<< 30), setting: (tag & 3) &<< 30)
        unsafe journal.change(word + 1, keeping: ~(3 &<< 30), setting: (tag &>> 2) &<< 30)
    }

    /// The word that holds the state of the granule's first page. Neither it nor the next word is the first
    /// word of another granule.
    @inline(__always)
    private func firstStateWord(ofGranuleOf page: UInt) -> StampedWordPointer {
        let first = page & ~(Page.perGranule &- 1)
        return unsafe stateWord(PageTable.statePlace(first).word, near: first)
    }

    /// The word of `granule` in one of the two sets of granules.
    @inline(__always)
    func granuleWord(_ granule: UInt, in set: GranuleSet.Kind) -> StampedWordPointer {
        let start =
            set == .prepared ? PageTableLayout.backing : PageTableLayout.unsettled
        return unsafe word(start &+ (granule & 0xFFFF) &>> 6)
    }

    /// The noted bits of `page` and its 63 neighbours.
    @inline(__always)
    func notedWord(_ page: UInt) -> StampedWordPointer {
        unsafe word(
            PageTableLayout.noted &+ PageTable.indexInBlock(page) &>> 6, inBlockOf: page)
    }
}
