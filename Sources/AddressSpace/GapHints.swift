// Where to start looking for free space. One lower bound for each power of two of gap sizes keeps
// the search from walking over a million full granules.

import Synchronization

/// For each size class, a granule below which no available gap of that class begins.
@safe package struct GapHints {
    /// Class k: gaps of 2^k to 2^(k+1) - 1 granules; the last class, from 128 MiB on, has no upper end.
    static let classCount: UInt = 12
    /// Gaps need not be measured further than this, in pages: they are of the last class.
    static let mostPagesMeasured: UInt = 2 << classCount &* Page.perGranule

    private let words: StampedWordPointer

    @inline(__always)
    init(words: StampedWordPointer) { unsafe self.words = unsafe words }

    @inline(__always)
    private func word(_ sizeClass: UInt) -> StampedWordPointer {
        unsafe words + Int(bitPattern: sizeClass)
    }

    @inline(__always)
    private static func sizeClass(granuleCount: UInt) -> UInt {
        min(classCount &- 1, UInt(63 &- granuleCount.leadingZeroBitCount))
    }

    @inline(__always)
    private static func granuleCount(holding pageCount: UInt) -> UInt {
        max(1, (pageCount &+ Page.perGranule &- 1) / Page.perGranule)
    }

    /// A page below which nothing fits that needs `pageCount` pages.
    @inline(__always)
    func lowestStart(pageCount: UInt) -> UInt {
        let first = GapHints.sizeClass(granuleCount: GapHints.granuleCount(holding: pageCount))
        var lowest = UInt32.max
        for sizeClass in first..<GapHints.classCount {
            lowest = min(lowest, unsafe payload(of: word(sizeClass)))
        }
        return UInt(lowest) &* Page.perGranule
    }

    /// Drafts the fact that a gap exists. One without a whole granule in it is of no use.
    @inline(__always)
    func noteGap(from gapStart: UInt, to gapEnd: UInt, _ journal: inout Journal) {
        let start = (gapStart &+ Page.perGranule &- 1) / Page.perGranule
        let end = gapEnd / Page.perGranule
        if start >= end { return }
        let sizeClass = GapHints.sizeClass(granuleCount: end &- start)
        let hint = unsafe word(sizeClass)
        unsafe journal.store(min(journal.load(hint), UInt32(truncatingIfNeeded: start)), in: hint)
    }

    /// Drafts the fact that below `page` there is no gap that holds `pageCount` pages.
    @inline(__always)
    func noteNothingBelow(_ page: UInt, pageCount: UInt, _ journal: inout Journal) {
        let granule = UInt32(truncatingIfNeeded: page / Page.perGranule)
        let needed = GapHints.granuleCount(holding: pageCount)
        // Unless the request is the smallest of its class, gaps of that class may be there, only too
        // small for it; the classes above are certain.
        let isSmallest = needed & (needed &- 1) == 0
        let first = GapHints.sizeClass(granuleCount: needed) &+ (isSmallest ? 0 : 1)
        if first >= GapHints.classCount { return }
        var lowest = UInt32.max
        for sizeClass in first..<GapHints.classCount {
            let hint = unsafe word(sizeClass)
            let former = unsafe journal.load(hint)
            lowest = min(lowest, former)
            unsafe journal.store(max(former, granule), in: hint)
        }
        if first == 0 { return }
        // A gap that was used in part may be of a smaller class by now, known only by the bounds just
        // raised.
        let smaller = unsafe word(first &- 1)
        unsafe journal.store(min(journal.load(smaller), lowest), in: smaller)
    }
}
