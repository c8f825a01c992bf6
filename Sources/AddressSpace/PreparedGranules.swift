// Which granules are prepared: their mapping is read-write, and every page in them that is not
// committed carries a guard marker. In all other granules nothing is committed and the mapping is
// inaccessible. Used by the guarded backing alone.

import Synchronization

/// One bit for each granule. Only the owner of a claim on a granule changes its bit, so the bits
/// need no journal; neighbours in the same word are kept by atomic operations.
package struct PreparedGranules {
    private let directory: PageDirectory

    @inline(__always)
    package init(directory: PageDirectory) { self.directory = directory }

    @inline(__always)
    private static func bit(of granule: UInt) -> UInt64 {
        1 &<< UInt64(truncatingIfNeeded: granule & 63)
    }

    @inline(__always)
    package func contains(_ granule: UInt) -> Bool {
        guard let table = directory.table(of: granule &* Page.perGranule) else { return false }
        let word = unsafe table.backingWord(granule).pointee.load(ordering: .acquiring)
        return word & PreparedGranules.bit(of: granule) != 0
    }

    /// The first granule from `start` on, up to `end`, that is not like `start`.
    @inline(__always)
    package func endOfRun(from start: UInt, to end: UInt) -> UInt {
        let isPrepared = contains(start)
        var granule = start
        while granule < end {
            guard let table = directory.table(of: granule &* Page.perGranule) else {
                if isPrepared { return granule }
                granule = PreparedGranules.endOfTable(around: granule)
                continue
            }
            let word = unsafe table.backingWord(granule).pointee.load(ordering: .acquiring)
            let others =
                (isPrepared ? ~word : word)
                & (UInt64.max &<< UInt64(truncatingIfNeeded: granule & 63))
            if others != 0 {
                return min(end, granule & ~63 | UInt(others.trailingZeroBitCount))
            }
            granule = (granule | 63) &+ 1
        }
        return end
    }

    private static func endOfTable(around granule: UInt) -> UInt {
        (granule | (PageTableLayout.pageCount / Page.perGranule &- 1)) &+ 1
    }

    /// How many granules directly below `granule` are prepared; counts no further than `most`.
    package func count(below granule: UInt, atMost most: UInt) -> UInt {
        var count: UInt = 0
        while count < most && count < granule && contains(granule &- count &- 1) { count &+= 1 }
        return count
    }

    /// Marks every granule that has a page in `range`. Their tables exist.
    package func insert(_ range: PageRange) {
        unsafe forEachWord(of: range) { word, mask in unsafe word.set(bits: mask) }
    }

    /// Unmarks every granule that has a page in `range`.
    package func remove(_ range: PageRange) {
        unsafe forEachWord(of: range) { word, mask in unsafe word.clear(bits: mask) }
    }

    @inline(__always)
    private func forEachWord(
        of range: PageRange, _ body: (StampedWordPointer, UInt64) -> Void
    ) {
        var granule = range.start / Page.perGranule
        let end = (range.end &+ Page.perGranule &- 1) / Page.perGranule
        while granule < end {
            guard let table = directory.table(of: granule &* Page.perGranule) else {
                granule = PreparedGranules.endOfTable(around: granule)
                continue
            }
            let wordEnd = min((granule | 63) &+ 1, end)
            var mask = UInt64.max &<< UInt64(truncatingIfNeeded: granule & 63)
            if wordEnd & 63 != 0 {
                mask &= UInt64.max &>> UInt64(truncatingIfNeeded: 64 &- (wordEnd & 63))
            }
            unsafe body(table.backingWord(granule), mask)
            granule = wordEnd
        }
    }
}
