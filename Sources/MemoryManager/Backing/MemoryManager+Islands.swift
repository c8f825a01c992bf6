// At the kernel's limits: gives back mappings and addresses that are not needed.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// Gives up islands in which nothing is committed, if there are too many islands.
    @inline(__always)
    func tidyIslands() {
        if islands.areTooMany { _ = giveUpIdleIslands() }
    }

    /// Same as `tidyIslands`; also gives address space back if the process is near its limit, which may have
    /// been set or lowered meanwhile. Costs a system call, so only operations that have made several use it.
    @inline(never)
    func tidyIslandsAndAddresses() {
        tidyIslands()
        if AddressLimit.isNear { _ = trimArenas() }
    }

    /// Gives up the mappings that are held for later use. Called when no page is committed any more.
    @inline(never)
    @_optimize(size)
    func giveUpMappings() {
        settleGranules()
        _ = giveUpIdleIslands()
        // Remembered places inside an arena divide its mapping.
        map.placeCache.forEach { place in
            do throws(MemoryError) {
                if settled({ map.freeState(of: place.range) }) == .unowned {
                    try annex(place.range)
                }
            } catch {
                // Another mapping is there.
            }
            place.room.leaveEmpty()
        }
    }

    /// After a refusal for want of mappings or addresses: frees some, if possible.
    ///
    /// - Returns: True if the caller should repeat the refused call.
    @inline(never)
    @_optimize(size)
    func makeMappings(after error: KernelError) -> Bool {
        if !error.isForWantOfRoom { return false }
        if trimArenas() { return true }
        if islands.areLookedThrough {
            // Another thread is searching for idle islands, and may give up some.
            CurrentThread.yield()
            return true
        }
        if giveUpIdleIslands() { return true }
        if settings.backing == .mapped && !islands.isMappedJoining && GuardMarkers.areAvailable() {
            islands.joinMapped()
            return true
        }
        // The ballast comes last, because it is meant for undoing and for giving memory back.
        return islands.ballast.giveUp()
    }

    /// - Returns: False if no island was given up, or another thread is searching.
    @inline(never)
    @_optimize(size)
    private func giveUpIdleIslands() -> Bool {
        if !islands.beginLooking() { return false }
        var left: UInt64 = 0
        var isAnyGone = false
        forEachRun(of: granules.prepared) { island in
            if giveUp(island) { isAnyGone = true } else { left &+= 1 }
        }
        islands.endLooking(found: left)
        if isAnyGone && !islands.ballast.isHeld { islands.ballast.takeUp() }
        return isAnyGone
    }

    private func forEachRun(of set: GranuleSet, _ body: (PageRange) -> Void) {
        var page: UInt = 0
        while page < Page.endOfMap {
            let endOfTable = page &+ PageTableLayout.pageCount
            if map.directory.table(of: page) != nil {
                var granule = page / Page.perGranule
                while let run = set.run(from: granule, to: endOfTable / Page.perGranule) {
                    body(PageRange(granules: run.start..<run.end))
                    granule = run.end
                }
            }
            // Where we have no memory there are no tables, so the search can step over it.
            let extent = settled { map.extent(containing: endOfTable &- 1) }
            let next = extent.state == .unowned ? extent.range.end : endOfTable
            page = max(endOfTable, next & ~(PageTableLayout.pageCount &- 1))
        }
    }

    /// Puts all unsettled granules in order.
    @_optimize(size)
    private func settleGranules() {
        islands.forgetUnsettled()
        forEachRun(of: granules.unsettled) { run in
            for page in stride(from: run.start, to: run.end, by: Int(Page.perGranule)) {
                settleGranule(from: page)
            }
        }
    }

    @_optimize(size)
    private func settleGranule(from page: UInt) {
        guard let operation = beginUnlessCrowded() else { return islands.noteUnsettled() }
        let moment = sequencer.settle()
        guard let first = firstOfOurs(inGranuleFrom: page) else { return }
        let ours = granules.granulesOfOurs(around: PageRange(from: first, to: first &+ 1))
        if !tryClaim(ours, for: operation, at: moment) { return islands.noteUnsettled() }
        do throws(KernelError) { try granules.settleGranules(of: ours) } catch {
            islands.noteUnsettled()
        }
        outdateDecisions()
        withdraw(operation)
    }

    private func firstOfOurs(inGranuleFrom page: UInt) -> UInt? {
        for number in page..<page &+ Page.perGranule where map.state(of: number) != .unowned {
            return number
        }
        return nil
    }

    /// - Returns: False if a page of the island is committed or claimed, or the kernel refuses.
    private func giveUp(_ island: PageRange) -> Bool {
        // Checked first without a claim, to claim only islands that are probably idle.
        if settings.backing == .mapped || !isIdle(island) { return false }
        guard let operation = beginUnlessCrowded() else { return false }
        let moment = sequencer.settle()
        if !tryClaim(island, for: operation, at: moment) { return false }
        let isGone = isIdle(island) && granules.unprepare(island)
        if isGone { outdateDecisions() }
        withdraw(operation)
        return isGone
    }

    /// Whether all pages of an island are ours and none is committed. False also if the island has more than
    /// 16 runs.
    private func isIdle(_ island: PageRange) -> Bool {
        var page = island.start
        for _ in 0..<16 {
            let run = settledRun(from: page, to: island.end)
            if run.state.isCommitted || run.state == .unowned { return false }
            page = run.range.end
            if page >= island.end { return true }
        }
        return false
    }
}
