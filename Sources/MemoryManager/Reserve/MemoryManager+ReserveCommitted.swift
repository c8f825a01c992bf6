// Reserves and commits pages in one call. The kernel is called while the addresses are claimed. The
// allocation is recorded when it is complete; until then the pages look free.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// Reserves available pages and commits them read-write, if the next place is ready for the fast path.
    ///
    /// - Returns: Their address; `nil` if the range is not short, its granules are not ready, or a claim is
    ///   in the way. Nothing was changed then.
    @inline(__always)
    package func reserveCommittedInOneCall(_ pageCount: UInt) throws(MemoryError) -> UInt? {
        let backing = backing
        if settings.backing == .mapped, let base = try reserveVacated(pageCount) { return base }
        let state = PageState.committed(.readWrite)
        let attributes = AllocationAttributes(
            initialProtection: PageProtection(.readWrite), placement: .arena
        ).committedAtOnce
        let claim = try changeInLine(beginInLine()) { way, journal throws(Setback) -> Claim? in
            if way == .long { return nil }
            let frontier = map.placeAtFrontier(pageCount)
            guard let range = frontier ?? map.gap(for: PlacementRequest(pageCount: pageCount)),
                map.isShort(range), backing.granules.areUsual(of: range),
                map.claims.conflict(with: range, for: CurrentThread.identifier) == nil
            else { return nil }
            if frontier != nil {
                map.reserveAtFrontier(range, attributes, as: state, &journal)
            } else {
                map.reserve(range, attributes, as: state, in: .available, &journal)
            }
            return .short(range)
        } act: { claim, slot throws(Refusal) in
            try charge(pageCount, to: slot)
            try Refusal.of { () throws(KernelError) in try backing.uncover(claim.pages) }
        } record: { claim, _, journal in
            map.reserve(claim.pages, attributes, as: state, in: .available, &journal)
            return .max
        }
        guard let claim else { return nil }
        map.history.note(.reserve, claim.pages)
        return claim.pages.base
    }

    /// Reserves available pages and commits them.
    ///
    /// - Parameter choose: Chooses the pages, on a map that may be changing; `nil` ends the call, and nothing
    ///   was changed.
    func reserveCommitted(
        _ protection: PageProtection, at choose: (UInt32) throws(Setback) -> PageRange?
    ) throws(MemoryError) -> PageRange? {
        let state = PageState.committed(protection.access, protection.guardState)
        let attributes = AllocationAttributes(initialProtection: protection, placement: .arena)
            .committedAtOnce
        let thread = CurrentThread.identifier
        var range = PageRange(from: 0, to: 1)
        let claim = try change(begin()) { _, _ throws(Setback) -> Claim? in
            guard let chosen = try choose(thread) else { return nil }
            range = chosen
            // Before tables are made for it.
            if range.pageCount > settings.commitLimit { throw .refused(.commitLimitReached) }
            try requireAllTables(for: range)
            let claimed = backing.claim(
                forCommitting: range, in: Allocation(range: range, attributes: attributes))
            return .long(claimed)
        } act: { claim, slot throws(Refusal) in
            try charge(range.pageCount, to: slot)
            try commitFresh(range, state, claimed: claim.pages)
        } record: { _, _, journal in
            map.reserve(range, attributes, as: state, in: .available, &journal)
            return .max
        }
        if claim == nil { return nil }
        tidyIslandsAndAddresses()
        return range
    }

    /// Commits claimed pages that were not committed before.
    func commitFresh(
        _ range: PageRange, _ state: PageState, claimed: PageRange
    ) throws(Refusal) {
        askForHugePages(in: claimed)
        try Refusal.of { () throws(KernelError) in
            try backing.commit(
                range, as: state.enforced, claimed: claimed, over: AddressMap.RangeSummary())
        }
    }

    /// Maps free pages, commits them if asked to, and makes them an allocation.
    ///
    /// - Returns: False if they are not unowned, or have become an arena. Nothing else was changed then.
    @_optimize(size)
    func reserveOnOwnMapping(
        _ range: PageRange, _ protection: PageProtection, _ backed: CommitTiming
    ) throws(MemoryError) -> Bool {
        var state = backed.uncommitted
        if backed == .atOnce { state = .committed(protection.access, protection.guardState) }
        let attributes = AllocationAttributes(
            initialProtection: protection, placement: .ownMapping, kind: backed.kind)
        var isArena = false
        let claim = try change(begin()) { _, _ throws(Setback) -> Claim? in
            isArena = false
            if map.freeState(of: range) != .unowned { return nil }
            if state.isCommitted && range.pageCount > settings.commitLimit {
                throw .refused(.commitLimitReached)
            }
            try requireAllTables(for: range)
            return .long(range)
        } act: { _, slot throws(Refusal) in
            if state.isCommitted { try charge(range.pageCount, to: slot) }
            try Refusal.of { () throws(KernelError) in try mapInaccessible(range) }
            if !state.isCommitted { return }
            do throws(Refusal) { try commitFresh(range, state, claimed: range) } catch {
                if unmap(range) { throw error }
                granules.putBack(.available, on: range)
                refundPendingCharge(of: slot)
                isArena = true
            }
        } record: { _, _, journal in
            if isArena {
                map.openArena(range, &journal)
            } else {
                map.reserve(range, attributes, as: state, in: .unowned, &journal)
            }
            return .max
        }
        return claim != nil && !isArena
    }
}
