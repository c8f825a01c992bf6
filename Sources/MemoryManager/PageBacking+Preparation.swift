// Preparing granules for guard markers, and taking large stretches out of preparation again.

import AddressSpace
import LinuxKernel

extension PageBacking {
    /// Granules prepared at once at most: 2 MiB, one page of the kernel's page tables.
    private static var mostGranulesAtOnce: UInt { 32 }
    /// Readable and writable stretches from this size on are cheaper replaced by a fresh mapping than
    /// marked page by page; others, which would have to be made so first, are at any size.
    static var leastGranulesToUnprepare: UInt { 16 }

    /// The pages that an operation must claim to commit `range`: itself, and the granules that are
    /// to be prepared along with it.
    ///
    /// Preparation runs ahead as far as it already reaches below, so that a growing array, or one
    /// allocation after another, needs a system call for it every 2 MiB only, while a lone page in a
    /// sparse reservation costs no more than its granule.
    ///
    /// - Parameter new: The allocation to be, if the map does not have it yet.
    func claim(forCommitting range: PageRange, in new: Allocation? = nil) -> PageRange {
        if kind == .mapped { return range }
        let first = range.start / Page.perGranule
        let last = (range.end &- 1) / Page.perGranule
        if prepared.contains(first) && (first == last || isPrepared(first, through: last)) {
            return range
        }
        guard let allocation = new ?? map.allocation(containing: range.start) else { return range }
        return claimForPreparing(range, in: allocation)
    }

    /// True if nothing needs preparing for a commit of `range`, a few pages of one table.
    @inline(__always)
    func isReady(forCommitting range: PageRange) -> Bool {
        let first = range.start / Page.perGranule
        let last = (range.end &- 1) / Page.perGranule
        return kind == .mapped
            || prepared.contains(first) && (last == first || prepared.contains(last))
    }

    private func isPrepared(_ first: UInt, through last: UInt) -> Bool {
        prepared.endOfRun(from: first, to: last &+ 1) > last
    }

    private func claimForPreparing(_ range: PageRange, in allocation: Allocation) -> PageRange {
        let start = range.start & ~(Page.perGranule &- 1)
        var end = (range.end &+ Page.perGranule &- 1) & ~(Page.perGranule &- 1)
        // A granule at the end of what is ours may be somebody else's in its other pages.
        let ours =
            allocation.attributes.placement == .ownMapping
            ? allocation.range.end : endOfArenaSpace(behind: allocation)
        if end > ours || start < allocation.range.start {
            return PageRange(from: max(start, allocation.range.start), to: min(end, ours))
        }
        if allocation.attributes.placement == .ownMapping { return PageRange(from: start, to: end) }
        let ahead = prepared.count(
            below: start / Page.perGranule, atMost: PageBacking.mostGranulesAtOnce)
        // Whether a granule is prepared is noted in its table, which only the range's own pages are
        // sure to have.
        let endOfTable = ((range.end &- 1) | (PageTableLayout.pageCount &- 1)) &+ 1
        let limit = min(min(ours, endOfTable), start &+ ahead &* Page.perGranule)
        while end &+ Page.perGranule <= limit && !prepared.contains(end / Page.perGranule) {
            end &+= Page.perGranule
        }
        return PageRange(from: start, to: end)
    }

    /// How far pages are ours for certain: the allocation, and the available pages behind it.
    private func endOfArenaSpace(behind allocation: Allocation) -> UInt {
        let end = allocation.range.end
        if end >= Page.endOfMap || map.state(of: end) != .available { return end }
        return map.endOfObject(containing: end)
    }

    /// Prepares the granules of `claimed` that are not prepared yet, leaving the pages of
    /// `uncovering` accessible, the others marked.
    ///
    /// - Returns: How many pages of `uncovering` are accessible now that had not been.
    func prepare(
        _ claimed: PageRange, uncovering range: PageRange
    ) throws(KernelError) -> UInt {
        let first = range.start / Page.perGranule
        if claimed == range && prepared.contains(first)
            && (range.end &- 1) / Page.perGranule == first
        {
            return 0
        }
        return try prepareRuns(claimed, uncovering: range)
    }

    private func prepareRuns(
        _ claimed: PageRange, uncovering range: PageRange
    ) throws(KernelError) -> UInt {
        var uncovered: UInt = 0
        var start = claimed.start
        let lastGranule = (claimed.end &+ Page.perGranule &- 1) / Page.perGranule
        while start < claimed.end {
            let granule = start / Page.perGranule
            let runEnd = prepared.endOfRun(from: granule, to: lastGranule)
            let run = PageRange(
                from: start, to: min(runEnd &* Page.perGranule, claimed.end))
            if !prepared.contains(granule) {
                try prepareRun(run, uncovering: range)
                let common = min(run.end, range.end) &- max(run.start, range.start)
                if run.overlaps(range) { uncovered &+= common }
            }
            start = run.end
        }
        return uncovered
    }

    private func prepareRun(
        _ run: PageRange, uncovering range: PageRange
    ) throws(KernelError) {
        let head =
            run.start < range.start
            ? PageRange(from: run.start, to: min(range.start, run.end)) : nil
        let tail =
            range.end < run.end
            ? PageRange(from: max(range.end, run.start), to: run.end) : nil
        if let head { try GuardMarkers.install(on: head) }
        if let tail { try GuardMarkers.install(on: tail) }
        do throws(KernelError) {
            try PageAccess.set(.readWrite, on: run)
        } catch {
            // Markers under an inaccessible mapping do no harm now, but a later preparation of the
            // same pages as committed would not expect them.
            if let head { try GuardMarkers.remove(from: head) }
            if let tail { try GuardMarkers.remove(from: tail) }
            throw error
        }
        prepared.insert(run)
    }

    /// Makes whole granules accessible as `access` says, which are not prepared yet.
    ///
    /// - Returns: False if it is not that simple; then nothing was done.
    func prepareWhole(_ range: PageRange, as access: Protection) throws(KernelError) -> Bool {
        let first = range.start / Page.perGranule
        let last = range.end / Page.perGranule
        if !PageBacking.isWhole(range) || prepared.contains(first)
            || prepared.endOfRun(from: first, to: last) < last
        {
            return false
        }
        try PageAccess.set(access, on: range)
        prepared.insert(range)
        return true
    }

    private static func isWhole(_ range: PageRange) -> Bool {
        (range.start | range.end) & (Page.perGranule &- 1) == 0
    }

    /// Replaces whole granules by an inaccessible mapping.
    ///
    /// - Returns: False if they are fewer than `least`, or the kernel refuses: then the caller is to
    ///   mark the pages instead.
    func unprepare(_ run: PageRange, least: UInt) -> Bool {
        if !PageBacking.isWhole(run) || run.pageCount < least &* Page.perGranule { return false }
        do throws(KernelError) {
            try Mapping.discard(run)
        } catch {
            return false
        }
        prepared.remove(run)
        return true
    }
}
