// For blocks that are committed in one call and released whole: the release unmaps the block and remembers
// its place (PlaceCache.swift), and the next reservation maps it again. So the kernel need not divide and
// join the mapping of the arena around it. A vacated place is an unmapped block's page range; until it is
// mapped again, any mapping may use it. On the guarded backing small blocks take a faster path.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// Same as `reserveVacated`, for a block that is larger than a short range.
    @inline(__always)
    func reserveLargeVacated(
        _ placing: PlacementRequest, _ protection: PageProtection
    ) throws(MemoryError) -> UInt? {
        if placing.pageCount <= AddressMap.mostPagesOfShortRange
            || !backing.leavesPlace(placing.pageCount) || !placing.isAnywhere
            || protection != PageProtection(.readWrite)
        {
            return nil
        }
        return try reserveVacated(placing.pageCount)
    }

    /// Reserves a place that a block of this size has left, and commits it read-write.
    ///
    /// - Returns: Its address; `nil` if no such place is remembered, or it is in use. Nothing was changed
    ///   then.
    @_optimize(size)
    func reserveVacated(_ pageCount: UInt) throws(MemoryError) -> UInt? {
        // No other thread can take the place while this one holds it. A handler that jumped out of here would
        // leave it held for ever.
        var signals = SignalHold()
        signals.take()
        defer { signals.end() }
        let thread = CurrentThread.identifier
        guard let place = map.placeCache.take(for: thread, pageCount: pageCount) else { return nil }
        do throws(MemoryError) {
            if try reserveVacated(place.range) {
                place.room.leaveEmpty()
                map.history.note(.reserve, place.range)
                return place.range.base
            }
        } catch {
            place.putBack()
            throw error
        }
        if settled({ map.freeState(of: place.range) }) == .available {
            // The place has become part of an arena.
            place.room.leaveEmpty()
        } else {
            place.putBack()
        }
        return nil
    }

    /// - Returns: False if the place is not free; nothing was changed then.
    @_optimize(size)
    private func reserveVacated(_ range: PageRange) throws(MemoryError) -> Bool {
        let attributes = AllocationAttributes(
            initialProtection: PageProtection(.readWrite), placement: .arena
        ).committedAtOnce
        let state = PageState.committed(.readWrite)
        let claim = try change(beginHeld()) { way, journal throws(Setback) -> Claim? in
            guard way == .short, map.freeState(of: range) == .unowned,
                endOfPlace(range) != nil, map.pageWithoutTable(for: range) == nil,
                map.claims.conflict(with: range, for: CurrentThread.identifier) == nil
            else { return nil }
            map.reserve(range, attributes, as: state, in: .unowned, &journal)
            return .short(range)
        } act: { _, slot throws(Refusal) in
            try charge(range.pageCount, to: slot)
            // The kernel refuses if another mapping is there, or at a limit. In both cases the caller takes
            // the usual way, which reports the reason.
            try Refusal.of { () throws(KernelError) in try Mapping.makeReadWrite(range) }
            askForHugePages(in: range)
            if settings.backing == .guarded { granules.prepared.insert(range) }
            granules.populate(range)
        } record: { _, _, journal in
            map.reserve(range, attributes, as: state, in: .unowned, &journal)
            return .max
        }
        return claim != nil
    }

    /// Releases an allocation that is wholly committed read-write, unmaps it, and remembers its place.
    ///
    /// - Returns: False if it is not such an allocation, its size is not one that leaves a place, its place
    ///   cannot be remembered, or the kernel refuses. Nothing was changed then.
    @inline(__always)
    func vacate(allocationBasedAt page: UInt) -> Bool {
        if !mayVacate(page) || !vacateHeld(page) { return false }
        // A few places alone would stay, because the next blocks use them.
        if map.charge.pageCount == 0 && islands.areLeftOver { giveUpMappings() }
        return true
    }

    @inline(never)
    @_optimize(size)
    private func vacateHeld(_ page: UInt) -> Bool {
        var signals = SignalHold()
        signals.take()
        defer { signals.end() }
        guard let room = map.placeCache.room(for: CurrentThread.identifier) else {
            return false
        }
        guard let range = leavePlace(basedAt: page) else {
            room.leaveEmpty()
            return false
        }
        room.fill(range)
        map.history.note(.release, range)
        return true
    }

    /// - Returns: The place; `nil` if nothing was changed.
    @_optimize(size)
    private func leavePlace(basedAt page: UInt) -> PageRange? {
        do throws(MemoryError) {
            var place: (range: PageRange, end: UInt)?
            let claim = try change(beginHeld()) { way, journal throws(Setback) -> Claim? in
                guard way == .short, let range = placeToLeave(basedAt: page),
                    let end = endOfPlace(range)
                else { return nil }
                place = (range, end)
                let whole = PageRange(from: range.start, to: end)
                if map.pageWithoutTable(for: whole) != nil { return nil }
                setFree(range, through: end, &journal)
                return .short(whole)
            } act: { claim, slot throws(Refusal) in
                guard let place else { return }
                takeApartHugePages(at: place.range)
                // If the kernel refuses, the usual way reports the reason.
                try Refusal.of { () throws(KernelError) in try Mapping.release(claim.pages) }
                forgetGranules(onlyOf: claim.pages)
                returnCharge(of: place.range.pageCount, from: slot)
            } record: { _, _, journal in
                if let place { setFree(place.range, through: place.end, &journal) }
                return .max
            }
            return claim == nil ? nil : place?.range
        } catch {
            return nil
        }
    }

    private func setFree(_ range: PageRange, through end: UInt, _ journal: inout Journal) {
        if end == range.end {
            map.setFree(range, to: .unowned, &journal)
        } else {
            map.setFree(range, throughGapUpTo: end, &journal)
        }
    }

    /// The end of the pages that are unmapped with a block. On the guarded backing it is the end of the last
    /// granule or of the gap in it: the granule is prepared as a whole, and no allocation can begin in it.
    ///
    /// - Returns: `nil` if other allocations have pages in its granules.
    private func endOfPlace(_ range: PageRange) -> UInt? {
        // A place begins on a granule on both backings, because a reservation must.
        if range.start & (Page.perGranule &- 1) != 0 { return nil }
        if settings.backing == .mapped || range.isWholeGranules { return range.end }
        let endOfGranule = range.withWholeGranules.end
        var end = range.end
        var page = range.end
        while page < endOfGranule {
            let state = map.state(of: page)
            if !state.isFree { return nil }
            let next = map.allocations.next(from: page &+ 1, notBeyond: endOfGranule)
            if state == .available && page == end { end = next }
            page = next
        }
        return end
    }

    /// Makes the rest of the last granule part of the arena again, after the block of `range` was released to
    /// the arena. The rest was unmapped with the block when it left its place before.
    func completeGranule(behind range: PageRange) {
        if settings.backing == .mapped || range.end & (Page.perGranule &- 1) == 0 { return }
        let granule = PageRange(from: range.end &- 1, to: range.end).withWholeGranules
        do throws(MemoryError) {
            if settled({ map.state(of: range.end) }) == .unowned { try annex(granule) }
        } catch {
            // Another mapping is there, or is being made: the rest stays outside the arena.
        }
    }

    /// Same as `vacate`, for an allocation that is larger than a short range.
    func vacateLarge(allocationBasedAt page: UInt) -> Bool {
        let beyond = page &+ AddressMap.mostPagesOfShortRange &+ 1
        // Only a hint, since the map may be changing.
        return mayVacate(page) && map.runs.next(from: page &+ 1, notBeyond: beyond) == beyond
            && vacate(allocationBasedAt: page)
    }

    /// Whether the first page allows it. An allocation that was committed after its reservation is left out:
    /// a later one like it is reserved first, and does not use remembered places.
    @inline(__always)
    private func mayVacate(_ page: UInt) -> Bool {
        guard let table = map.directory.table(of: page) else { return false }
        return table.state(at: page) == .committed(.readWrite)
            && table.attributes(at: page).wasCommittedAtOnce
    }

    private func placeToLeave(basedAt page: UInt) -> PageRange? {
        if settings.backing == .mapped,
            let range = map.fastAllocation(basedAt: page, in: .committed(.readWrite))
        {
            return range
        }
        guard let (allocation, summary) = map.allocationOfOneRun(basedAt: page),
            allocation.attributes.isPlain,
            summary.commonEnforced == .readWrite, !summary.hasLockedPages,
            backing.leavesPlace(allocation.range.pageCount)
        else { return nil }
        return allocation.range
    }
}
