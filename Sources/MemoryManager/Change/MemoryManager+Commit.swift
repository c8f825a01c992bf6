// Commit: reserved pages become committed; committed pages keep their contents and change protection.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// Commits every page of `range` with `protection`.
    ///
    /// - Parameter range: Pages of one allocation, in any mix of reserved and committed.
    /// - Throws: `.rangeConflicts` if a page is free or of a placeholder, or the range leaves its allocation;
    ///   `.commitLimitReached`; `.outOfAddressSpace` at the kernel's limit on mappings. Nothing is
    ///   changed then.
    /// - Complexity: Mostly one system call.
    @inline(never)
    package func commit(_ range: PageRange, _ protection: PageProtection) throws(MemoryError) {
        let backing = backing
        let state = PageState.committed(protection.access, protection.guardState)
        takeOverSignals(for: protection.guardState)
        var locks = Locks.none
        let claim = try changeInLine(beginInLine()) { way, journal throws(Setback) -> Claim? in
            if way == .short, state == .committed(.readWrite),
                backing.granules.areUsual(of: range),
                map.fastState(of: range) == .reserved
            {
                map.setState(state, of: range, from: .reserved, &journal)
                return .short(range)
            }
            return try claimCommit(of: range)
        } act: { claim, slot throws(Refusal) in
            if claim.way == .short {
                try charge(range.pageCount, to: slot)
                try Refusal.of { () throws(KernelError) in try backing.uncover(range) }
            } else {
                locks = try commitThoroughly(range, state, claim.pages, slot)
            }
        } record: { _, page, journal in
            recordAccess(of: state, locks, range, from: page, &journal)
        }
        if claim?.way == .long { tidyIslandsAndAddresses() }
    }

    /// Whether pages of a range are locked in RAM.
    enum Locks {
        case none
        case ofSomePages

        init(of summary: AddressMap.RangeSummary) {
            self = summary.hasLockedPages ? .ofSomePages : .none
        }
    }

    @inline(never)
    private func claimCommit(of range: PageRange) throws(Setback) -> Claim {
        guard let origin = map.origin(of: range), origin.attributes.kind != .placeholder else {
            throw .refused(.rangeConflicts)
        }
        // Checked before tables are made, because a refused call must not make any.
        if range.pageCount > settings.commitLimit { throw .refused(.commitLimitReached) }
        try requireAllTables(for: range)
        return .long(backing.claim(forCommitting: range))
    }

    @inline(never)
    @_optimize(size)
    private func commitThoroughly(
        _ range: PageRange, _ state: PageState, _ claimed: PageRange, _ slot: OperationSlot
    ) throws(Refusal) -> Locks {
        let summary = settledSummary(of: range)
        let enforced = state.enforced
        let charged = range.pageCount &- summary.committedPageCount
        try charge(charged, to: slot)
        if charged == 0, let present = summary.commonEnforced, present.isEnforcedLike(enforced),
            !granules.unsettled.containsAny(of: range)
        {
            return Locks(of: summary)
        }
        askForHugePages(in: claimed)
        try Refusal.of { () throws(KernelError) in
            if summary.hasLockedPages && enforced == .noAccess {
                try PageContents.unlock(range)
            }
            try backing.commit(range, as: enforced, claimed: claimed, over: summary)
        }
        return Locks(of: summary)
    }

    /// Drafts that the pages of `range` from `page` on are in `state`. Locked pages stay locked, unless the
    /// new state allows no access.
    ///
    /// - Returns: The page reached; `.max` if that was all.
    @inline(never)
    @_optimize(size)
    func recordAccess(
        of state: PageState, _ locks: Locks, _ range: PageRange, from page: UInt,
        _ journal: inout Journal
    ) -> UInt {
        if locks == .ofSomePages && state.enforced != .noAccess {
            return recordEach(of: range, from: page, &journal) {
                $0.isLocked ? state.locked : state
            }
        }
        return record(state, of: range, from: page, &journal)
    }

    /// Drafts `state` for the pages of `range` from `page` on, as far as the journal has room.
    ///
    /// - Returns: The page reached; `.max` if that was all.
    @inline(__always)
    func record(
        _ state: PageState, of range: PageRange, from page: UInt, _ journal: inout Journal
    ) -> UInt {
        let rest = PageRange(from: max(page, range.start), to: range.end)
        let reached = map.setState(state, of: rest, &journal)
        return reached >= range.end ? .max : max(reached, rest.start &+ 1)
    }

    /// Drafts `change(state)` for the run that contains `page`, in the same way as `record`.
    @inline(never)
    @_optimize(size)
    func recordEach(
        of range: PageRange, from page: UInt, _ journal: inout Journal,
        _ change: (PageState) -> PageState
    ) -> UInt {
        let start = max(page, range.start)
        let run = map.run(containing: start)
        let end = max(min(run.range.end, range.end), start &+ 1)
        let part = PageRange(from: start, to: end)
        let reached = record(change(run.state), of: part, from: start, &journal)
        return reached == .max ? (end >= range.end ? .max : end) : reached
    }

    /// Installs the handlers of fault signals before the first page gets a guard.
    @inline(__always)
    func takeOverSignals(for guardState: Guard) {
        if guardState == .armed { takeOverSignals() }
    }
}
