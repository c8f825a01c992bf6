// At the kernel's limits: getting mappings and addresses back that are held for nothing.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// Gives up islands in which nothing is committed, if there are too many islands.
    @inline(__always)
    func tidyIslands() {
        if islands.areTooMany { _ = giveUpIdleIslands() }
    }

    /// The same, and addresses, if the process has come near its limit, which it may have got, or got
    /// lowered, meanwhile. Costs a system call; for operations that have made several.
    @inline(never)
    func tidyIslandsAndAddresses() {
        tidyIslands()
        if AddressLimit.isNear { _ = trimArenas() }
    }

    /// Nothing is committed any more: gives up what mappings are held for the next time.
    @inline(never)
    @_optimize(size)
    func giveUpMappings() {
        settleGranules()
        _ = giveUpIdleIslands()
        // Places between pages of an arena divide its mapping.
        map.placeCache.forEach { place in
            do throws(MemoryError) {
                if settled({ map.freeState(of: place.range) }) == .free {
                    try annex(place.range)
                }
            } catch {
                // Somebody else has something there.
            }
            place.room.leaveEmpty()
        }
    }

    /// After a refusal for want of room: gets some, if that can be.
    ///
    /// - Returns: True if the call is to be made again.
    @inline(never)
    @_optimize(size)
    func makeMappings(after error: KernelError) -> Bool {
        if !error.isForWantOfRoom { return false }
        if trimArenas() { return true }
        if islands.areLookedThrough {
            // What comes of it is not known yet.
            CurrentThread.yield()
            return true
        }
        if giveUpIdleIslands() { return true }
        if settings.backing == .mapped && !islands.isMappedJoining && GuardMarkers.areAvailable() {
            islands.joinMapped()
            return true
        }
        // What remains then is for the rest of the program, and for giving memory back.
        return islands.ballast.giveUp()
    }

    /// - Returns: False if there were none, or another thread is at it.
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
                    body(
                        PageRange(
                            from: run.start &* Page.perGranule, to: run.end &* Page.perGranule))
                    granule = run.end
                }
            }
            // Where nothing of ours is, there are no tables either.
            let object = settled { map.object(containing: endOfTable &- 1) }
            let next = object.state == .free ? object.range.end : endOfTable
            page = max(endOfTable, next & ~(PageTableLayout.pageCount &- 1))
        }
    }

    /// Puts the granules in order that a refused call has left unsettled.
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
        withdraw(operation)
    }

    private func firstOfOurs(inGranuleFrom page: UInt) -> UInt? {
        for number in page..<page &+ Page.perGranule where map.state(of: number) != .free {
            return number
        }
        return nil
    }

    /// - Returns: False if something is committed in it, or somebody is at it.
    private func giveUp(_ island: PageRange) -> Bool {
        // Claimed only if it is likely to be of use.
        if settings.backing == .mapped || !isIdle(island) { return false }
        guard let operation = beginUnlessCrowded() else { return false }
        let moment = sequencer.settle()
        if !tryClaim(island, for: operation, at: moment) { return false }
        let isGone = isIdle(island) && granules.unprepare(island)
        withdraw(operation)
        return isGone
    }

    /// Whether all pages of an island are ours, and none is committed; as far as a few looks tell.
    private func isIdle(_ island: PageRange) -> Bool {
        var page = island.start
        for _ in 0..<16 {
            let run = settledRun(from: page, to: island.end)
            if run.state.isCommitted || run.state == .free { return false }
            page = run.range.end
            if page >= island.end { return true }
        }
        return false
    }
}
