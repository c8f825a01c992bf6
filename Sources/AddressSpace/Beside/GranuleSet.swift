// Facts about granules that the kernel's state depends on. Beside the journal: only the owner of a
// claim on a granule changes its bits, and neighbours in the same word are kept by atomic operations.

import Synchronization

/// One bit for each granule.
package struct GranuleSet {
    package enum Kind {
        /// The mapping is read-write, and every page that is not committed carries a guard marker. In
        /// other granules of the guarded backing nothing is committed, the mapping is inaccessible,
        /// and there are no markers.
        case prepared
        /// A call was refused midway, or left midway: nothing is known of the mapping or the markers.
        /// Whoever needs the granule next puts it in order first.
        case unsettled
    }

    private let directory: PageDirectory
    private let kind: Kind

    @inline(__always)
    package init(_ kind: Kind, directory: PageDirectory) {
        self.kind = kind
        self.directory = directory
    }

    @inline(__always)
    private static func bit(of granule: UInt) -> UInt64 {
        1 &<< UInt64(truncatingIfNeeded: granule & 63)
    }

    @inline(__always)
    package func contains(_ granule: UInt) -> Bool {
        guard let table = directory.table(of: granule &* Page.perGranule) else { return false }
        let word = unsafe table.granuleWord(granule, in: kind).pointee.load(ordering: .acquiring)
        return word & GranuleSet.bit(of: granule) != 0
    }

    /// The first granule from `start` on, up to `end`, that is not like `start`.
    @inline(__always)
    package func endOfRun(from start: UInt, to end: UInt) -> UInt {
        let isMember = contains(start)
        var granule = start
        while granule < end {
            guard let table = directory.table(of: granule &* Page.perGranule) else {
                if isMember { return granule }
                granule = GranuleSet.endOfTable(around: granule)
                continue
            }
            let word = unsafe table.granuleWord(granule, in: kind)
                .pointee.load(ordering: .acquiring)
            let others =
                (isMember ? ~word : word)
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

    /// Whether a granule of `range` is in.
    @inline(__always)
    package func containsAny(of range: PageRange) -> Bool {
        let first = range.start / Page.perGranule
        let last = (range.end &- 1) / Page.perGranule
        return contains(first)
            || last > first && (contains(last) || endOfRun(from: first, to: last) < last)
    }

    /// The run of granules in the set that `granule` lies in or that comes next, below `end`.
    package func run(from granule: UInt, to end: UInt) -> (start: UInt, end: UInt)? {
        var start = granule
        if !contains(start) { start = endOfRun(from: start, to: end) }
        return start < end ? (start, endOfRun(from: start, to: end)) : nil
    }

    /// Where the run of granules in the set begins that `granule` lies in; no lower than `lowest`.
    package func startOfRun(around granule: UInt, notBelow lowest: UInt) -> UInt {
        var start = granule
        while start > lowest && contains(start &- 1) { start &-= 1 }
        return start
    }

    /// The highest granule below `granule` that is in, at most `reach` away.
    package func last(below granule: UInt, within reach: UInt) -> UInt? {
        var distance: UInt = 1
        while distance <= reach && distance <= granule {
            if contains(granule &- distance) { return granule &- distance }
            distance &+= 1
        }
        return nil
    }

    /// How many granules directly below `granule` are in; counts no further than `most`.
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
                granule = GranuleSet.endOfTable(around: granule)
                continue
            }
            let wordEnd = min((granule | 63) &+ 1, end)
            var mask = UInt64.max &<< UInt64(truncatingIfNeeded: granule & 63)
            if wordEnd & 63 != 0 {
                mask &= UInt64.max &>> UInt64(truncatingIfNeeded: 64 &- (wordEnd & 63))
            }
            unsafe body(table.granuleWord(granule, in: kind), mask)
            granule = wordEnd
        }
    }
}
