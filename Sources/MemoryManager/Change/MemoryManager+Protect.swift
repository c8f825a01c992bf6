// Protect: committed pages get another protection.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// Sets the protection of committed pages.
    ///
    /// - Parameter range: Pages of one allocation, all committed.
    /// - Returns: The protection of the first page before.
    /// - Throws: `.notAllocated` if the first page is free; `.invalidParameter` if the first page is not free
    ///   and the protection is one for views only; `.rangeConflicts` if the range leaves its allocation;
    ///   `.notCommitted`; `.outOfAddressSpace` at the kernel's limit on mappings.
    /// - Complexity: One system call.
    @inline(never)
    package func protect(
        _ range: PageRange, _ access: Protection, _ guardState: Guard
    ) throws(MemoryError) -> PageProtection {
        let backing = backing
        let state = PageState.committed(access.isCopyOnWrite ? .noAccess : access, guardState)
        takeOverSignals(for: guardState)
        var old = PageProtection(access)
        var present: PageState?
        var locks = Locks.none
        _ = try changeInLine(beginInLine()) { way, journal throws(Setback) -> Claim? in
            if way == .short, !access.isCopyOnWrite,
                let found = map.fastState(of: range), found.isCommitted, !found.isLocked,
                backing.granules.areUsual(of: range),
                let base = map.allocations.previous(from: range.start),
                let table = map.directory.table(of: base)
            {
                map.setState(state, of: range, from: found, &journal)
                present = found
                old = table.attributes(at: base).protection(of: found)
                return .short(range)
            }
            return try claimProtect(range, access, &old)
        } act: { claim, _ throws(Refusal) in
            if claim.way == .short {
                if present?.enforced.isEnforcedLike(state.enforced) != true {
                    try Refusal.of { () throws(KernelError) in
                        try PageAccess.set(state.enforced, on: range)
                    }
                }
            } else {
                locks = try protectThoroughly(range, state, claim.pages)
            }
        } record: { _, page, journal in
            recordAccess(of: state, locks, range, from: page, &journal)
        }
        return old
    }

    /// - Parameter old: Becomes the protection of the first page.
    @inline(never)
    private func claimProtect(
        _ range: PageRange, _ access: Protection, _ old: inout PageProtection
    ) throws(Setback) -> Claim {
        let first = map.state(of: range.start)
        if access.isCopyOnWrite && !first.isFree { throw .refused(.invalidParameter) }
        guard let origin = map.origin(of: range) else {
            throw .refused(first.isFree ? .notAllocated : .rangeConflicts)
        }
        try requireTables(for: range)
        old = origin.attributes.protection(of: first)
        let isUnsettled = granules.unsettled.containsAny(of: range)
        return .long(isUnsettled ? granules.granulesOfOurs(around: range) : range)
    }

    @inline(never)
    @_optimize(size)
    func protectThoroughly(
        _ range: PageRange, _ state: PageState, _ claimed: PageRange
    ) throws(Refusal) -> Locks {
        let summary = settledSummary(of: range)
        if summary.committedPageCount < range.pageCount { throw .memory(.notCommitted) }
        try Refusal.of { () throws(KernelError) in
            if granules.unsettled.containsAny(of: claimed) {
                try granules.settleGranules(of: claimed)
            }
            if summary.commonEnforced?.isEnforcedLike(state.enforced) == true { return }
            // Pages without access need not stay in RAM.
            if summary.hasLockedPages && state.enforced == .noAccess {
                try PageContents.unlock(range)
            }
            let isBallastOut = try granules.leavesRoom()
            defer { if isBallastOut { islands.ballast.takeUp() } }
            try granules.setAccess(state.enforced, on: range)
        }
        return Locks(of: summary)
    }
}
