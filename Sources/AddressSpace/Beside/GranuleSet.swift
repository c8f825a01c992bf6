// Facts about the kernel's state of each granule. They are not changed by journals: only the owner of a claim
// on a granule changes its bits, with atomic operations that keep the other bits of the word.

import Synchronization

/// One bit for each granule.
package struct GranuleSet {
    package enum Kind {
        /// The mapping is read-write, and every page that is not committed carries a guard marker. In
        /// other granules of the guarded backing nothing is committed, the mapping is inaccessible,
        /// and there are no markers.
        case prepared
        /// An operation was refused or abandoned midway: the state of the mapping and of the markers is not
        /// known. The next operation that needs the granule puts it in order first.
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

    /// The end of the run of granules that are in the set like `start`, or out of it like `start`; at most
    /// `end`.
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
                let found = min(end, granule & ~63 | UInt(others.trailingZeroBitCount))
                // Another thread may have changed `start` since it was looked at.
                return max(found, start &+ 1)
            }
            granule = (granule | 63) &+ 1
        }
        return end
    }

    private static func endOfTable(around granule: UInt) -> UInt {
        (granule | (PageTableLayout.pageCount / Page.perGranule &- 1)) &+ 1
    }

    /// Whether any granule of `range` is in the set.
    @inline(__always)
    package func containsAny(of range: PageRange) -> Bool {
        let first = range.start / Page.perGranule
        let last = (range.end &- 1) / Page.perGranule
        return contains(first)
            || last > first && (contains(last) || endOfRun(from: first, to: last) < last)
    }

    /// Whether all granules of `range` are in the set.
    @inline(__always)
    package func containsAll(of range: PageRange) -> Bool {
        let (first, end) = (range.granules.lowerBound, range.granules.upperBound)
        return contains(first) && endOfRun(from: first, to: end) >= end
    }

    /// Calls `body` with the parts of `range` whose granules are in the set, or out of it, and whether they
    /// are in it.
    @inline(__always)
    package func forEachPart<Failure: Error>(
        of range: PageRange, _ body: (PageRange, _ isMember: Bool) throws(Failure) -> Void
    ) throws(Failure) {
        let last = range.granules.upperBound
        var start = range.start
        while start < range.end {
            let granule = start / Page.perGranule
            // Asked before the call, which may change the set.
            let isMember = contains(granule)
            let end = min(endOfRun(from: granule, to: last) &* Page.perGranule, range.end)
            try body(PageRange(from: start, to: end), isMember)
            start = end
        }
    }

    /// The run of granules in the set that contains `granule`, or the next such run; cut off at `end`.
    package func run(from granule: UInt, to end: UInt) -> (start: UInt, end: UInt)? {
        var start = granule
        if !contains(start) { start = endOfRun(from: start, to: end) }
        return start < end ? (start, endOfRun(from: start, to: end)) : nil
    }

    /// The first granule of the run in the set that contains `granule`; no lower than `lowest`.
    package func startOfRun(around granule: UInt, notBelow lowest: UInt) -> UInt {
        var start = granule
        while start > lowest && contains(start &- 1) { start &-= 1 }
        return start
    }

    /// The highest granule of the set below `granule`, at most `reach` granules away.
    package func last(below granule: UInt, within reach: UInt) -> UInt? {
        var distance: UInt = 1
        while distance <= reach && distance <= granule {
            if contains(granule &- distance) { return granule &- distance }
            distance &+= 1
        }
        return nil
    }

    /// The number of granules of the set directly below `granule`; counted no further than `most`.
    package func count(below granule: UInt, atMost most: UInt) -> UInt {
        var count: UInt = 0
        while count < most && count < granule && contains(granule &- count &- 1) { count &+= 1 }
        return count
    }

    /// Adds every granule that has a page in `range`. Their tables exist.
    package func insert(_ range: PageRange) {
        unsafe forEachWord(of: range) { word, mask in unsafe word.set(bits: mask) }
    }

    /// Removes every granule that has a page in `range`.
    package func remove(_ range: PageRange) {
        unsafe forEachWord(of: range) { word, mask in unsafe word.clear(bits: mask) }
    }

    @inline(__always)
    private func forEachWord(
        of range: PageRange, _ body: (StampedWordPointer, UInt64) -> Void
    ) {
        var granule = range.granules.lowerBound
        let end = range.granules.upperBound
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
