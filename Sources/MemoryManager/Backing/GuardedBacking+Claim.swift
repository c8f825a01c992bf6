// Chooses the pages that a commit claims on the guarded backing: those of its granules, and of other granules
// that are prepared along with them.

import AddressSpace
import LinuxKernel

extension GuardedBacking {
    /// Prepares as many granules ahead as are already prepared directly below, at most 2 MiB. So a growing
    /// array, or one allocation after another, needs a system call for it only every 2 MiB. For a lone page
    /// in a sparse reservation its granule is prepared; also the granules between it and the next prepared
    /// ones below, if these are few or if there are many islands (Islands.swift).
    func claim(forCommitting range: PageRange, in new: Allocation?) -> PageRange {
        if prepared.containsAll(of: range) { return range }
        guard let allocation = new ?? granules.map.allocation(containing: range.start) else {
            return range
        }
        return claimForPreparing(range, in: allocation)
    }

    private var prepared: GranuleSet { granules.prepared }
    private var map: AddressMap { granules.map }

    private func claimForPreparing(_ range: PageRange, in allocation: Allocation) -> PageRange {
        let whole = range.withWholeGranules
        // The first and the last granule may have pages that are not ours, or pages of other allocations. The
        // pages of ours in a granule are prepared together.
        let ours = granules.endOfOurs(behind: allocation)
        if whole.end > ours || whole.start < allocation.range.start {
            return granules.granulesOfOurs(around: range, in: allocation)
        }
        if allocation.attributes.placement == .ownMapping { return whole }
        let granule = whole.start / Page.perGranule
        if !prepared.contains(granule &- 1) {
            return PageRange(from: startOfJoined(granule, whole.end), to: whole.end)
        }
        return claimAhead(of: whole, upTo: ours)
    }

    private func claimAhead(of whole: PageRange, upTo ours: UInt) -> PageRange {
        var end = whole.end
        let ahead = prepared.count(
            below: whole.start / Page.perGranule, atMost: Granules.mostGranulesAtOnce)
        // The table of a granule records that it is prepared. Only the tables of the range itself are sure to
        // exist.
        let endOfTable = ((whole.end &- 1) | (PageTableLayout.pageCount &- 1)) &+ 1
        let limit = min(min(ours, endOfTable), whole.start &+ ahead &* Page.perGranule)
        while end &+ Page.perGranule <= limit, isRaw(end / Page.perGranule) {
            end &+= Page.perGranule
        }
        return PageRange(from: whole.start, to: end)
    }

    /// Where preparation must begin so that the new island is joined to the one below it. The start of the
    /// granule itself if that island is too far away, or if a page between is not ours or is claimed.
    private func startOfJoined(_ granule: UInt, _ end: UInt) -> UInt {
        let start = granule &* Page.perGranule
        guard let last = prepared.last(below: granule, within: granules.islands.reach &+ 1) else {
            return start
        }
        let gap = PageRange(from: (last &+ 1) &* Page.perGranule, to: start)
        return isRawAndOurs(gap) ? gap.start : start
    }

    private func isRawAndOurs(_ gap: PageRange) -> Bool {
        if granules.unsettled.containsAny(of: gap) || map.claims.conflict(with: gap, for: 0) != nil
        {
            return false
        }
        var page = gap.start
        while page < gap.end {
            if map.directory.table(of: page) == nil || map.state(of: page) == .unowned {
                return false
            }
            page = map.runs.next(from: page &+ 1, notBeyond: gap.end)
        }
        return true
    }

    private func isRaw(_ granule: UInt) -> Bool {
        !prepared.contains(granule) && !granules.unsettled.contains(granule)
    }
}
