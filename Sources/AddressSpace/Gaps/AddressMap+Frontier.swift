// The frontier: the page at which the lowest large gap begins. Most reservations are cut off there, so it is
// remembered. It is only a hint: every use checks it against the map, and a lost hint costs a search.

import Synchronization

extension AddressMap {
    /// The lowest place for `pageCount` pages, if the frontier is that place; `nil` if a search is needed.
    @inline(__always)
    package func placeAtFrontier(_ pageCount: UInt) -> PageRange? {
        guard pageCount <= GapSets.leastPagesOfLast, let start = knownFrontier else { return nil }
        for sizeClass in GapSets.firstClass(holding: pageCount)..<GapSets.lastClass
        where !gaps[sizeClass].isEmpty { return nil }
        return PageRange(from: start, to: start &+ pageCount)
    }

    /// The frontier, if the map confirms that a large gap begins there; `nil` otherwise.
    @inline(__always)
    var knownFrontier: UInt? {
        let start = frontier
        guard start & (Page.perGranule &- 1) == 0,
            let table = directory.table(of: start), allocations.contains(start),
            table.state(at: start) == .available, isClear(behind: start)
        else { return nil }
        return start
    }

    /// The page number as it is stored, not checked; zero if not known.
    @inline(__always)
    var frontier: UInt {
        get { UInt(truncatingIfNeeded: unsafe frontierWord.pointee.load(ordering: .relaxed)) }
        nonmutating set { unsafe frontierWord.pointee.store(UInt64(newValue), ordering: .relaxed) }
    }

    /// Remembers that a large gap begins at `page`.
    @inline(__always)
    func noteLargeGap(from page: UInt) {
        let known = frontier
        if page < Page.index(of: Page.endOfLowAddresses) { return }
        if known == 0 || page < known { frontier = page }
    }

    /// True if no allocation boundary follows `page` in the rest of its block of 128 MiB and in the two
    /// blocks after it. A gap that contains `page` is then of the last size class, and stays so when 128 MiB
    /// are cut off. False means only that this is not known.
    @inline(__always)
    func isClear(behind page: UInt) -> Bool {
        guard let table = directory.table(of: page) else { return false }
        // The topmost word of a table has a bit for each block.
        let block = PageTable.block(of: page)
        if block &+ 2 >= PageTableLayout.blockCount { return false }
        let blocks = unsafe payload(
            of: allocations.word(table, level: 3, holding: page &>> PageTableLayout.blockShift))
        let nextTwo = BoundaryBits.bit(of: block &+ 1) | BoundaryBits.bit(of: block &+ 2)
        return blocks & nextTwo == 0
            && above(page, 0, in: table) == 0
            && above(page &>> 5, 1, in: table) == 0
            && above(page &>> 10, 2, in: table) == 0
    }

    /// The bits behind `position` in the word of `level` that holds it.
    @inline(__always)
    private func above(_ position: UInt, _ level: UInt, in table: PageTable) -> UInt32 {
        let bits = unsafe payload(of: allocations.word(table, level: level, holding: position))
        return bits & ~BoundaryBits.mask(upTo: position)
    }
}
