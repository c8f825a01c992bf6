// Which pages a commit must claim.

import AddressSpace
import LinuxKernel

extension PageBacking {
    /// The pages that an operation must claim to commit `range`: itself, and the granules that are
    /// to be prepared along with it, or put in order.
    ///
    /// Preparation runs ahead as far as it already reaches below, so that a growing array, or one
    /// allocation after another, needs a system call for it every 2 MiB only. A lone page in a sparse
    /// reservation costs its granule; and what lies between it and the next prepared ones, if that is
    /// little, or if there are many such pages (Islands.swift).
    ///
    /// - Parameter new: The allocation to be, if the map does not have it yet.
    func claim(forCommitting range: PageRange, in new: Allocation? = nil) -> PageRange {
        if unsettled.containsAny(of: range) {
            return granulesOfOurs(around: range, in: new)
        }
        if kind == .mapped { return islands.isMappedJoining ? joined(range, in: new) : range }
        let first = range.start / Page.perGranule
        let last = (range.end &- 1) / Page.perGranule
        if prepared.contains(first) && (first == last || isPrepared(first, through: last)) {
            return range
        }
        guard let allocation = new ?? map.allocation(containing: range.start) else { return range }
        return claimForPreparing(range, in: allocation)
    }

    private func isPrepared(_ first: UInt, through last: UInt) -> Bool {
        prepared.endOfRun(from: first, to: last &+ 1) > last
    }

    /// `range` with the whole of the granules at its ends, as far as they are ours, of whatever
    /// allocation: whether a granule is prepared is a fact about all of its pages.
    ///
    /// - Parameter new: The allocation to be, if the map does not have it yet.
    func granulesOfOurs(around range: PageRange, in new: Allocation? = nil) -> PageRange {
        let whole = range.withWholeGranules
        let inner = new?.range.joined(with: range) ?? range
        var start = max(min(inner.start, range.start), whole.start)
        var end = min(max(inner.end, range.end), whole.end)
        while start > whole.start, map.state(of: start &- 1) != .free { start &-= 1 }
        while end < whole.end, map.state(of: end) != .free { end &+= 1 }
        return PageRange(from: start, to: end)
    }

    private func claimForPreparing(_ range: PageRange, in allocation: Allocation) -> PageRange {
        let whole = range.withWholeGranules
        // A granule at the end of what is ours may be somebody else's in its other pages; and one that
        // other allocations have pages in is prepared as a whole.
        let ours = endOfOurs(behind: allocation)
        if whole.end > ours || whole.start < allocation.range.start {
            return granulesOfOurs(around: range, in: allocation)
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
            below: whole.start / Page.perGranule, atMost: PageBacking.mostGranulesAtOnce)
        // Whether a granule is prepared is noted in its table, which only the range's own pages are
        // sure to have.
        let endOfTable = ((whole.end &- 1) | (PageTableLayout.pageCount &- 1)) &+ 1
        let limit = min(min(ours, endOfTable), whole.start &+ ahead &* Page.perGranule)
        while end &+ Page.perGranule <= limit, isRaw(end / Page.perGranule) {
            end &+= Page.perGranule
        }
        return PageRange(from: whole.start, to: end)
    }

    /// Where to begin so that the new island is joined to one below it; its own first page if that is too
    /// far, or something between is not ours, or somebody is at it.
    private func startOfJoined(_ granule: UInt, _ end: UInt) -> UInt {
        let start = granule &* Page.perGranule
        guard let last = prepared.last(below: granule, within: islands.reach &+ 1) else {
            return start
        }
        let gap = PageRange(from: (last &+ 1) &* Page.perGranule, to: start)
        return isRawAndOurs(gap) ? gap.start : start
    }

    private func isRawAndOurs(_ gap: PageRange) -> Bool {
        if unsettled.containsAny(of: gap) || map.claims.conflict(with: gap, for: 0) != nil {
            return false
        }
        var page = gap.start
        while page < gap.end {
            if map.directory.table(of: page) == nil || map.state(of: page) == .free { return false }
            page = map.runs.next(from: page &+ 1, notBeyond: gap.end)
        }
        return true
    }

    /// `range` with what lies between it and the next committed, readable and writable pages below.
    private func joined(_ range: PageRange, in new: Allocation?) -> PageRange {
        guard range.start > 0, let start = map.runs.previous(from: range.start &- 1),
            start > 0, let table = map.directory.table(of: start),
            !table.state(at: start).isCommitted,
            map.state(of: start &- 1) == .committed(.readWrite),
            range.start &- start <= Islands.farthestMapped
        else { return range }
        let gap = PageRange(from: start, to: range.start)
        return table.state(at: start) != .free && map.claims.conflict(with: gap, for: 0) == nil
            ? PageRange(from: start, to: range.end) : range
    }

    private func isRaw(_ granule: UInt) -> Bool {
        !prepared.contains(granule) && !unsettled.contains(granule)
    }

    /// How far pages are ours for certain: the allocation, and the available pages behind it.
    func endOfOurs(behind allocation: Allocation) -> UInt {
        let end = allocation.range.end
        if allocation.attributes.placement == .ownMapping { return end }
        if end >= Page.endOfMap || map.state(of: end) != .available { return end }
        return map.endOfObject(containing: end)
    }
}
