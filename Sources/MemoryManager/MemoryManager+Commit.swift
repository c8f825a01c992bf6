// Commit: reserved pages become usable; committed ones keep their contents and change protection.

import AddressSpace
import LinuxKernel

/// What a commit found when it decided.
struct CommitPlan {
    let claimed: PageRange
    let contents: AddressMap.Contents
    /// Pages charged for it.
    let charged: UInt
}

extension MemoryManager {
    @inline(__always)
    var backing: PageBacking {
        PageBacking(
            map: map, kind: settings.backing, mostPagesPopulated: settings.mostPagesPopulated)
    }

    /// Commits every page of `range` with `protection`.
    ///
    /// - Parameter range: Pages of one allocation, in any mix of reserved and committed.
    /// - Throws: `.rangeConflicts` if a page is free, or the range leaves its allocation;
    ///   `.commitLimitReached`; `.outOfAddressSpace` at the kernel's limit on mappings. Nothing is
    ///   changed then.
    /// - Complexity: As a rule one system call.
    package func commit(
        _ range: PageRange, _ protection: PageProtection
    ) throws(MemoryError) {
        let state = PageState.committed(protection.access, protection.guardState)
        let operation = begin()
        let plan = try transact(operation) { journal throws(Setback) in
            if map.origin(of: range) == nil { throw .refused(.rangeConflicts) }
            try requireAllTables(for: range)
            let contents = map.contents(of: range)
            let charged = range.pageCount &- contents.committedPageCount
            let claimed = backing.claim(forCommitting: range)
            try claim(claimed, for: operation, &journal)
            return CommitPlan(claimed: claimed, contents: contents, charged: charged)
        }
        try charge(plan.charged, for: operation)
        do throws(KernelError) {
            try act(on: range, state, plan)
        } catch {
            restore(range)
            map.charge.refund(plan.charged)
            withdraw(operation)
            throw refusal(of: error)
        }
        if plan.contents.hasLockedPages {
            recordEach(operation, range) { $0.isLocked ? state.locked : state }
        } else {
            record(operation, state, of: range) { _ in }
        }
    }

    private func act(
        on range: PageRange, _ state: PageState, _ plan: CommitPlan
    ) throws(KernelError) {
        let enforced = state.enforced
        if plan.charged == 0, let present = plan.contents.commonEnforced,
            present.isEnforcedLike(enforced)
        {
            return
        }
        askForHugePages(in: plan.claimed)
        try backing.commit(range, as: enforced, claimed: plan.claimed, over: plan.contents)
    }

    /// As `requireTables`, for each 4 GiB in between too: prepared granules are marked there.
    func requireAllTables(for range: PageRange) throws(Setback) {
        try requireTables(for: range)
        if range.pageCount < PageTableLayout.pageCount { return }
        var page = range.start
        while page < range.end {
            if map.directory.table(of: page) == nil { throw .tableMissing(page) }
            page &+= PageTableLayout.pageCount
        }
    }

    /// Records `change(state)` for each run of `range`, and ends the claim.
    func recordEach(
        _ operation: borrowing Operation, _ range: PageRange, _ change: (PageState) -> PageState
    ) {
        var page = range.start
        while page < range.end {
            let run = settledRun(from: page, to: range.end)
            var part = run.range
            let state = change(run.state)
            while true {
                let reached = record(operation) { journal in
                    map.setState(state, of: part, &journal)
                }
                if reached >= part.end { break }
                part = PageRange(from: reached, to: part.end)
            }
            page = part.end
        }
        withdraw(operation)
    }

    /// The caller's word for what the kernel refused.
    func refusal(of error: KernelError) -> MemoryError {
        switch error {
        case .exists: .rangeConflicts
        case .outOfMemory where settings.isOvercommitStrict: .commitLimitReached
        default: .outOfAddressSpace
        }
    }
}
