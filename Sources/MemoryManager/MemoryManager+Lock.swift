// VirtualLock and VirtualUnlock: keeping pages in RAM.

import AddressSpace
import CLinux
import LinuxKernel

extension MemoryManager {
    /// Keeps every page of `range` in RAM. Locking twice is locking once (behaviour 12.2).
    ///
    /// - Throws: `.noAccess` if a page is not committed or not readable; `.guardPageHit` if one is an
    ///   armed guard page, which is disarmed by that; `.workingSetQuotaReached`.
    @_optimize(size)
    package func lock(_ range: PageRange) throws(MemoryError) {
        if !isOurs(range.start) { return try lockForeign(range) }
        let operation = begin()
        let guardPage = try transact(operation) { journal throws(Setback) -> UInt? in
            let guardPage = try firstGuard(in: range)
            if guardPage == nil {
                try requireTables(for: range)
                try claim(range, for: operation, &journal)
            }
            return guardPage
        }
        if let guardPage {
            _ = try disarmGuard(at: guardPage, by: operation)
            throw .guardPageHit
        }
        do throws(KernelError) {
            try PageContents.lock(range)
        } catch {
            restoreLocks(of: range)
            withdraw(operation)
            throw .workingSetQuotaReached
        }
        recordEach(operation, range) { $0.locked }
    }

    /// The first page that stands in the way, as if the range were read from its beginning.
    private func firstGuard(in range: PageRange) throws(Setback) -> UInt? {
        guard let allocation = map.allocation(containing: range.start),
            allocation.range.contains(range)
        else { throw .refused(.noAccess) }
        var page = range.start
        while page < range.end {
            let run = map.run(containing: page)
            if !run.state.isCommitted { throw .refused(.noAccess) }
            if run.state.guardState == .armed { return page }
            if run.state.access == .noAccess { throw .refused(.noAccess) }
            page = max(run.range.end, page &+ 1)
        }
        return nil
    }

    /// After a refusal that came midway: unlocks what had not been locked before.
    private func restoreLocks(of range: PageRange) {
        var page = range.start
        while page < range.end {
            let run = settledRun(from: page, to: range.end)
            if !run.state.isLocked {
                do throws(KernelError) { try PageContents.unlock(run.range) } catch {
                    // Locked pages that the map calls unlocked cost RAM, and decommit unlocks them.
                }
            }
            page = run.range.end
        }
    }

    private func lockForeign(_ range: PageRange) throws(MemoryError) {
        let operation = begin()
        _ = try claimForeign(range, for: operation, else: .noAccess)
        defer { withdraw(operation) }
        do throws(KernelError) { try PageContents.lock(range) } catch {
            throw .workingSetQuotaReached
        }
    }

    /// Ends the effect of `lock`.
    ///
    /// - Throws: `.notLocked` if a page of the range is not; then none is unlocked.
    @_optimize(size)
    package func unlock(_ range: PageRange) throws(MemoryError) {
        if !isOurs(range.start) { return try unlockForeign(range) }
        let operation = begin()
        try transact(operation) { journal throws(Setback) in
            guard let allocation = map.allocation(containing: range.start),
                allocation.range.contains(range)
            else { throw .refused(.notLocked) }
            var page = range.start
            while page < range.end {
                let run = map.run(containing: page)
                if !run.state.isLocked { throw .refused(.notLocked) }
                page = max(run.range.end, page &+ 1)
            }
            try requireTables(for: range)
            try claim(range, for: operation, &journal)
        }
        do throws(KernelError) {
            try PageContents.unlock(range)
        } catch {
            withdraw(operation)
            throw refusal(of: error)
        }
        recordEach(operation, range) { $0.unlocked }
    }

    /// Which pages of foreign memory are locked is known to the kernel alone; it does not mind
    /// unlocking one that is not.
    private func unlockForeign(_ range: PageRange) throws(MemoryError) {
        let operation = begin()
        _ = try claimForeign(range, for: operation, else: .notLocked)
        defer { withdraw(operation) }
        do throws(KernelError) { try PageContents.unlock(range) } catch { throw .notLocked }
    }
}
