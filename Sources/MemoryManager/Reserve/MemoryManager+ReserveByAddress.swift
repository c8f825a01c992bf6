// Places by address: the lowest between two limits, or the highest. What is free counts, whether an
// arena lies there or not; mappings of others, and what the main stack may grow into, are obstacles.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// An arena made for the highest place of all has this size, so that the next need none.
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
                // Another thread was faster, so what it did can be seen now; but nobody can see the
                // mappings of a process without /proc.
                if !ForeignMappings.areVisible { rest = rest.without(range) }
            } catch .outOfAddressSpace {
                // The kernel maps no more. Arenas need no new mapping.
                break
            }
        }
        return try reserveInArena(placing, protection, backed)
    }

    /// The first place for `placing` that nobody has.
    ///
    /// - Complexity: Three system calls for each mapping of others between the limit and the place.
    func place(for placing: PlacementRequest) throws(MemoryError) -> PageRange? {
        // Only a place that is not all in arenas can come before it.
        let known = settled { map.gap(for: placing) }
        var next = placing.first
        while let range = next {
            if let known, !placing.prefers(range, to: known) { break }
            guard let obstacle = try obstacle(in: range, placing.direction) else { return range }
            next = placing.place(beyond: obstacle)
        }
        return known
    }

    /// Something in `range` that leaves no room for an allocation there, and may reach beyond it.
    private func obstacle(
        in range: PageRange, _ direction: PlacementRequest.Direction
    ) throws(MemoryError) -> PageRange? {
        var page = range.start
        while page < range.end {
            let object = settled { map.object(containing: page) }
            let part = PageRange(from: page, to: max(min(object.range.end, range.end), page &+ 1))
            if object.state == .free {
                if let obstacle = ForeignMappings.obstacle(in: part) {
                    if try isOutsideArenas(part) { return obstacle }
                    continue
                }
            } else if object.state != .available {
                return settled { map.obstacle(around: object.range, direction) }
            }
            page = part.end
        }
        return nil
    }

    /// False if `range`, or some of it, has become ours. Waits for whoever is at it: what the kernel
    /// has there may be an arena that another thread is making just now.
    private func isOutsideArenas(_ range: PageRange) throws(MemoryError) -> Bool {
        let thread = CurrentThread.identifier
        return try transact(begin()) { _ throws(Setback) in
            let conflict = map.claims.conflict(with: range, for: thread)
            if let conflict, conflict.holder == .otherThread { throw .blocked(conflict) }
            return map.freeState(of: range) == .free
        }
    }

    /// Makes `range` available if it lies outside all arenas. Without limits more than that.
    private func makeArena(around range: PageRange, for placing: PlacementRequest)
        throws(MemoryError)
    {
        if settled({ map.freeState(of: range) }) != .free { return }
        if let wide = widened(range, for: placing), try obstacle(in: wide, .highestFirst) == nil,
            settled({ map.freeState(of: wide) }) == .free
        {
            do throws(MemoryError) { return try annex(wide) } catch .outOfAddressSpace {
                // So much more the kernel does not map; just the place perhaps.
            }
        }
        try annex(range)
    }

    /// `range` with more pages below it; `nil` if addresses are limited, since a program may want
    /// the others for something else.
    private func widened(_ range: PageRange, for placing: PlacementRequest) -> PageRange? {
        let pageCount = MemoryManager.arenaPageCountAtTop
        if placing.isLimited || range.pageCount >= pageCount || range.end < 2 &* pageCount {
            return nil
        }
        return PageRange(from: range.end &- pageCount & ~(Page.perGranule &- 1), to: range.end)
    }
}
