// VirtualLock and VirtualUnlock: keep pages in RAM.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// Keeps every page of `range` in RAM. Locks are not counted (behaviour 12.2).
    ///
    /// - Parameter range: Pages of one or more allocations (12.1).
    /// - Throws: `.noAccess` if a page is not committed or not readable; `.guardPageHit` if one is an armed
    ///   guard page, which the call disarms; `.workingSetQuotaReached`.
    @_optimize(size)
    package func lock(_ range: PageRange) throws(MemoryError) {
        if !isOurs(range.start) { return try lockForeign(range) }
        var guardPage: UInt?
        _ = try change(begin()) { _, _ throws(Setback) -> Claim? in
            try requireTables(for: range)
            return .long(range)
        } act: { _, _ throws(Refusal) in
            guardPage = try firstGuard(in: range)
            if guardPage != nil { return }
            do throws(KernelError) {
                let isBallastOut = try granules.leavesRoom()
                defer { if isBallastOut { islands.ballast.takeUp() } }
                try PageContents.lock(range)
            } catch {
                restoreLocks(of: range)
                throw .memory(.workingSetQuotaReached)
            }
        } record: { _, page, journal in
            if guardPage != nil { return .max }
            return recordEach(of: range, from: page, &journal) { $0.locked }
        }
        guard let guardPage else { return }
        _ = try disarmGuard(at: guardPage)
        throw .guardPageHit
    }

    /// The first armed guard page, as if the range were read from its start. Throws if a page before it is
    /// not accessible.
    private func firstGuard(in range: PageRange) throws(Refusal) -> UInt? {
        var page = range.start
        while page < range.end {
            let run = settledRun(from: page, to: range.end)
            if !run.state.isCommitted { throw .memory(.noAccess) }
            if run.state.guardState == .armed { return page }
            if run.state.access == .noAccess { throw .memory(.noAccess) }
            page = run.range.end
        }
        return nil
    }

    /// After a refusal midway: unlocks the pages that were not locked before.
    private func restoreLocks(of range: PageRange) {
        forEachSettledRun(of: range) { run in
            if run.state.isLocked { return }
            do throws(KernelError) { try granules.unlock(run.range) } catch {
                // The pages stay locked although the map calls them unlocked. That only costs RAM, and a
                // decommit unlocks them.
            }
        }
    }

    private func lockForeign(_ range: PageRange) throws(MemoryError) {
        try withForeign(range, else: .noAccess) { _ throws(Refusal) in
            do throws(KernelError) { try PageContents.lock(range) } catch {
                throw .memory(.workingSetQuotaReached)
            }
        }
    }

    /// Ends the effect of `lock`.
    ///
    /// - Parameter range: Pages of one or more allocations (12.4).
    /// - Throws: `.notLocked` if a page of the range is not locked; then none is unlocked.
    @_optimize(size)
    package func unlock(_ range: PageRange) throws(MemoryError) {
        if !isOurs(range.start) { return try unlockForeign(range) }
        _ = try change(begin()) { _, _ throws(Setback) -> Claim? in
            try requireTables(for: range)
            return .long(range)
        } act: { _, _ throws(Refusal) in
            try forEachSettledRun(of: range) { run throws(Refusal) in
                if !run.state.isLocked { throw .memory(.notLocked) }
            }
            try Refusal.of { () throws(KernelError) in try granules.unlock(range) }
        } record: { _, page, journal in
            recordEach(of: range, from: page, &journal) { $0.unlocked }
        }
    }

    /// Only the kernel knows which pages of foreign memory are locked. It accepts the unlocking of a page
    /// that is not.
    private func unlockForeign(_ range: PageRange) throws(MemoryError) {
        try withForeign(range, else: .notLocked) { _ throws(Refusal) in
            do throws(KernelError) { try PageContents.unlock(range) } catch {
                throw .memory(.notLocked)
            }
        }
    }
}
