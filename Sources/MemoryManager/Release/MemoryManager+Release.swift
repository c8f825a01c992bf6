// Release: a whole allocation becomes free, whatever the states of its pages.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// Releases the allocation whose first page is `page`.
    ///
    /// - Throws: `.notAllocated` if the page is free; `.notAtBase` if it is another page of the
    ///   allocation. Nothing is changed then.
    /// - Complexity: No system call if no page is committed and the allocation lies in an arena.
    package func release(allocationBasedAt page: UInt) throws(MemoryError) {
        if try releaseReserved(basedAt: page) || vacateLarge(allocationBasedAt: page) { return }
        try releaseThoroughly(basedAt: page)
    }

    /// Same as `release`, but tries first the fast path for short allocations that are wholly committed
    /// read-write.
    @inline(__always)
    package func releaseCommitted(allocationBasedAt page: UInt) throws(MemoryError) {
        let backing = backing
        if settings.backing == .mapped && vacate(allocationBasedAt: page) { return }
        if map.fastAllocation(basedAt: page, in: .committed(.readWrite)) == nil {
            return try release(allocationBasedAt: page)
        }
        let claim = try change(beginInLine()) { way, journal throws(Setback) -> Claim? in
            guard way == .short,
                let range = map.fastAllocation(basedAt: page, in: .committed(.readWrite))
            else { return nil }
            map.setAvailable(range, &journal)
            return .short(range)
        } act: { claim, slot throws(Refusal) in
            takeApartHugePages(at: claim.pages)
            try Refusal.of { () throws(KernelError) in try backing.cover(claim.pages) }
            returnCharge(of: claim.pages.pageCount, from: slot)
        } record: { claim, _, journal in
            map.setFree(claim.pages, to: .available, &journal)
            return .max
        }
        guard let claim else { return try releaseThoroughly(basedAt: page) }
        map.history.note(.release, claim.pages)
        tidyTables()
    }

    /// Releases an allocation in an arena of which nothing is committed, such as a placeholder.
    ///
    /// - Returns: False if it has more than one run, committed pages, or pages that were reset. Nothing was
    ///   changed then.
    @inline(never)
    private func releaseReserved(basedAt page: UInt) throws(MemoryError) -> Bool {
        // Only a hint, since the map may be changing.
        if map.directory.table(of: page)?.state(at: page).isReserved != true { return false }
        let thread = CurrentThread.identifier
        let range = try transact(beginInLine()) { journal throws(Setback) -> PageRange? in
            guard let (allocation, summary) = map.allocationOfOneRun(basedAt: page),
                summary.committedPageCount == 0, allocation.attributes.placement == .arena,
                !allocation.attributes.wasReset
            else { return nil }
            try requireUnclaimed(allocation.range, by: thread)
            try requireTables(for: allocation.range)
            map.setFree(allocation.range, to: .available, &journal)
            return allocation.range
        }
        guard let range else { return false }
        map.history.note(.release, range)
        tidyTables()
        return true
    }

    @inline(never)
    @_optimize(size)
    private func releaseThoroughly(basedAt page: UInt) throws(MemoryError) {
        var allocation = Allocation(
            range: PageRange(from: page, to: page &+ 1),
            attributes: AllocationAttributes(rawValue: 0))
        var summary = AddressMap.RangeSummary()
        var free = PageState.available
        _ = try change(begin()) { _, _ throws(Setback) -> Claim? in
            guard let found = map.allocation(containing: page) else {
                throw .refused(.notAllocated)
            }
            if found.range.start != page { throw .refused(.notAtBase) }
            try requireTables(for: found.range)
            allocation = found
            return .long(found.range)
        } act: { claim, slot throws(Refusal) in
            summary = settledSummary(of: claim.pages)
            try Refusal.of { () throws(KernelError) in
                free = try giveBack(allocation, summary)
            }
            if allocation.attributes.wasReset { notedPages.removeAll(of: claim.pages) }
            returnCharge(of: summary.committedPageCount, from: slot)
        } record: { _, page, journal in
            let reached = recordOneRun(of: allocation.range, summary, from: page, &journal)
            if reached != .max { return reached }
            map.setFree(allocation.range, to: free, &journal)
            return .max
        }
        // Only now that the pages are free can their blocks be found idle.
        if allocation.attributes.wasReset { map.memory.noteIdle(allocation.range) }
        if allocation.attributes.wasCommittedAtOnce { completeGranule(behind: allocation.range) }
        map.history.note(.release, allocation.range)
        tidyTables()
        tidyIslands()
    }

    /// Gives back the contents of an allocation, and its addresses if it has a mapping of its own.
    ///
    /// - Returns: The state of its pages when they are free.
    private func giveBack(
        _ allocation: Allocation, _ summary: AddressMap.RangeSummary
    ) throws(KernelError) -> PageState {
        if allocation.attributes.placement == .ownMapping && unmap(allocation.range) {
            return .unowned
        }
        try discardAll(of: allocation.range, summary)
        return .available
    }

    /// Gives back all contents of an allocation in an arena. Many committed runs go in one call over all of
    /// them, because one call for each run might need new mappings.
    private func discardAll(
        of range: PageRange, _ summary: AddressMap.RangeSummary
    ) throws(KernelError) {
        guard let hull = summary.committedHull else { return }
        if !summary.isOneRun || settings.backing == .mapped,
            let whole = hull.withWholeGranules.intersection(with: range)?.wholeGranules,
            whole.contains(hull), whole.pageCount >= MemoryManager.leastPagesAtOnce
        {
            takeApartHugePages(at: hull)
            if granules.unprepare(whole) { return }
        }
        try discard(summary)
    }

    /// 1 MiB: from here on a fresh mapping costs less than markers on each page.
    private static var leastPagesAtOnce: UInt { 256 }

    /// Unmaps claimed pages with a mapping of their own.
    ///
    /// - Returns: False at the limit on mappings, if the kernel has joined the mapping with its neighbours and
    ///   needs one more to divide it. The caller must then keep the addresses as an arena: nobody else would
    ///   know that they are free.
    func unmap(_ range: PageRange) -> Bool {
        do throws(KernelError) { try Mapping.release(range) } catch { return false }
        forgetGranules(onlyOf: range)
        return true
    }

    /// Forgets the facts about the granules of pages that were unmapped, except those that hold other pages
    /// of ours: these still have their protections and markers.
    func forgetGranules(onlyOf range: PageRange) {
        if let own = granules(onlyOf: range) { granules.forget(own) }
    }

    /// `range` without the granules at its ends that hold other pages of ours: of other allocations, or of an
    /// arena.
    private func granules(onlyOf range: PageRange) -> PageRange? {
        let whole = range.withWholeGranules
        let isAloneAtStart =
            whole.start == range.start
            || settled { map.freeState(of: PageRange(from: whole.start, to: range.start)) }
                == .unowned
        let isAloneAtEnd =
            whole.end == range.end
            || settled { map.freeState(of: PageRange(from: range.end, to: whole.end)) } == .unowned
        let first = isAloneAtStart ? range.start : whole.start &+ Page.perGranule
        let last = isAloneAtEnd ? range.end : whole.end &- Page.perGranule
        return first < last ? PageRange(from: first, to: last) : nil
    }

    /// Drafts that `range` is one run, which can then become free in one step: unless it is one already, all
    /// of it becomes reserved.
    ///
    /// - Returns: The page reached; `.max` if that was all.
    func recordOneRun(
        of range: PageRange, _ summary: AddressMap.RangeSummary, from page: UInt,
        _ journal: inout Journal
    ) -> UInt {
        summary.isOneRun ? .max : record(.reserved, of: range, from: page, &journal)
    }
}
