// A way for blocks that come and go whole: a mapping is made where the last one was, and unmapped again,
// so that the kernel need not cut and join the arena's mapping around it. In between the place is free
// to all, and remembered (PlaceCache.swift). On the guarded backing small blocks have a shorter one.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// As `reserveVacated`, for a block that is more than a glance.
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

    /// Reserves a place that this thread has vacated, and commits it for reading and writing.
    ///
    /// - Returns: Its address; `nil` if there is none of the size, or somebody else has it now; then
    ///   nothing was done.
    @_optimize(size)
    func reserveVacated(_ pageCount: UInt) throws(MemoryError) -> UInt? {
        // The place is nobody else's while it is held, and a jump would leave it so.
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
            // An arena has grown over it.
            place.room.leaveEmpty()
        } else {
            place.putBack()
        }
        return nil
    }

    /// - Returns: False if the place is not free; then nothing was done.
    @_optimize(size)
    private func reserveVacated(_ range: PageRange) throws(MemoryError) -> Bool {
        let attributes = AllocationAttributes(
            initialProtection: PageProtection(.readWrite), placement: .arena
        ).committedAtOnce
        let state = PageState.committed(.readWrite)
        let claim = try change(beginHeld()) { way, journal throws(Setback) -> Claim? in
            guard way == .short, map.freeState(of: range) == .free,
                endOfPlace(range) != nil, map.pageWithoutTable(for: range) == nil,
                map.claims.conflict(with: range, for: CurrentThread.identifier) == nil
            else { return nil }
            map.reserve(range, attributes, as: state, in: .free, &journal)
            return .short(range)
        } act: { _, slot throws(Refusal) in
            try charge(range.pageCount, to: slot)
            // Refused if somebody else has mapped something there; or the kernel maps no more, and
            // the usual way will tell.
            try Refusal.of { () throws(KernelError) in try Mapping.makeReadWrite(range) }
            askForHugePages(in: range)
            if settings.backing == .guarded { granules.prepared.insert(range) }
            granules.populate(range)
        } record: { _, _, journal in
            map.reserve(range, attributes, as: state, in: .free, &journal)
            return .max
        }
        return claim != nil
    }

    /// Releases an allocation that is committed, readable and writable all over, and unmaps it.
    ///
    /// - Returns: False if it is not that simple, or enough places are vacated; then nothing was done.
    @_optimize(size)
    func vacate(allocationBasedAt page: UInt) -> Bool {
        if !mayVacate(page) { return false }
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

    /// - Returns: The place; `nil` if nothing was done.
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
                // Refused, the usual way will tell why.
                try Refusal.of { () throws(KernelError) in try Mapping.release(claim.pages) }
                granules.forget(claim.pages)
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
            map.setFree(range, to: .free, &journal)
        } else {
            map.setFree(range, throughGapUpTo: end, &journal)
        }
    }

    /// Where the pages end that are unmapped with a block: on the guarded backing with its last granule,
    /// which is prepared as a whole, and in which nothing can begin.
    ///
    /// - Returns: `nil` if other allocations have pages in its granules.
    private func endOfPlace(_ range: PageRange) -> UInt? {
        // On no backing does a place begin inside a granule: a reservation must not.
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

    /// Gives the rest of the last granule back to the arena, if it went along with a block that has left
    /// its place before, and has come back to the arena now.
    func completeGranule(behind range: PageRange) {
        if settings.backing == .mapped || range.end & (Page.perGranule &- 1) == 0 { return }
        let granule = PageRange(from: range.end &- 1, to: range.end).withWholeGranules
        do throws(MemoryError) {
            if settled({ map.state(of: range.end) }) == .free { try annex(granule) }
        } catch {
            // Somebody else has something there, or is just mapping it: it stays a hole.
        }
    }

    /// As `vacate`, for what is more than a glance.
    func vacateLarge(allocationBasedAt page: UInt) -> Bool {
        let beyond = page &+ AddressMap.mostPagesOfShortRange &+ 1
        // Only a hint, since the map may be changing.
        return mayVacate(page) && map.runs.next(from: page &+ 1, notBeyond: beyond) == beyond
            && vacate(allocationBasedAt: page)
    }

    /// What a look at its first page says of an allocation. One that was committed later would leave a
    /// place that nobody asks for, since reservations take none.
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
