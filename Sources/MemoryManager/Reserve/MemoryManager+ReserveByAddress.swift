// Finds places by address: the lowest or the highest between two limits. Free pages inside and outside arenas
// count. Other mappings, and the space into which the main stack may grow, are obstacles.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// The size of an arena made for the highest place, so that the next such requests need no new one.
    private static var arenaPageCountAtTop: UInt { 1 << 18 }

    /// Reserves the lowest (or highest) place for `placing`.
    ///
    /// - Throws: `.outOfAddressSpace`; `.commitLimitReached`.
    @_optimize(size)
    func reserveAtFirstPlace(
        _ placing: PlacementRequest, _ protection: PageProtection, _ backed: CommitTiming
    ) throws(MemoryError) -> UInt {
        var rest = placing
        while let range = try place(for: rest) {
            do throws(MemoryError) {
                try makeArena(around: range, for: placing)
                try reserve(range, protection, backed)
                return range.base
            } catch .rangeConflicts {
                // Something else was mapped there first, and the next search sees it. But without /proc the
                // search cannot see other mappings, so the place must be left out.
                if !ForeignMappings.areVisible { rest = rest.without(range) }
            } catch .outOfAddressSpace {
                // The kernel refuses more mappings. A place in an arena needs none.
                break
            }
        }
        return try reserveInArena(placing, protection, backed)
    }

    /// The first place for `placing` of which all pages are free and not mapped.
    ///
    /// - Complexity: Three system calls for each other mapping between the limit and the place.
    func place(for placing: PlacementRequest) throws(MemoryError) -> PageRange? {
        // Only a place that lies partly outside arenas can come before this one.
        let known = settled { map.gap(for: placing) }
        var next = placing.first
        while let range = next {
            if let known, !placing.prefers(range, to: known) { break }
            guard let obstacle = try obstacle(in: range, placing.direction) else { return range }
            next = placing.place(beyond: obstacle)
        }
        return known
    }

    /// An obstacle in `range`, which may reach beyond it; `nil` if all of `range` is free.
    private func obstacle(
        in range: PageRange, _ direction: PlacementRequest.Direction
    ) throws(MemoryError) -> PageRange? {
        var page = range.start
        while page < range.end {
            let extent = settled { map.extent(containing: page) }
            let part = PageRange(from: page, to: max(min(extent.range.end, range.end), page &+ 1))
            if extent.state == .unowned {
                if let obstacle = ForeignMappings.obstacle(in: part) {
                    if try isOutsideArenas(part) { return obstacle }
                    continue
                }
            } else if extent.state != .available {
                return settled { map.obstacle(around: extent.range, direction) }
            }
            page = part.end
        }
        return nil
    }

    /// False if a page of `range` has become ours. Waits for claims in the range to end: the mapping there
    /// may be an arena that another thread is making.
    private func isOutsideArenas(_ range: PageRange) throws(MemoryError) -> Bool {
        let thread = CurrentThread.identifier
        return try transact(begin()) { _ throws(Setback) in
            let conflict = map.claims.conflict(with: range, for: thread)
            if let conflict, conflict.holder == .otherThread { throw .blocked(conflict) }
            return map.freeState(of: range) == .unowned
        }
    }

    /// Makes `range` available if it lies outside all arenas; also pages below it, if there are no limits.
    private func makeArena(around range: PageRange, for placing: PlacementRequest)
        throws(MemoryError)
    {
        if settled({ map.freeState(of: range) }) != .unowned { return }
        if let wide = widened(range, for: placing), try obstacle(in: wide, .highestFirst) == nil,
            settled({ map.freeState(of: wide) }) == .unowned
        {
            do throws(MemoryError) { return try annex(wide) } catch .outOfAddressSpace {
                // The kernel refuses so many pages, but may map those of the place alone.
            }
        }
        try annex(range)
    }

    /// `range` with more pages below it; `nil` if `placing` has limits, because the program may want the
    /// other pages for something else.
    private func widened(_ range: PageRange, for placing: PlacementRequest) -> PageRange? {
        let pageCount = MemoryManager.arenaPageCountAtTop
        if placing.isLimited || range.pageCount >= pageCount || range.end < 2 &* pageCount {
            return nil
        }
        return PageRange(from: range.end &- pageCount & ~(Page.perGranule &- 1), to: range.end)
    }
}
