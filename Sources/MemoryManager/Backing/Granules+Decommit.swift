// Decommit: pages become inaccessible, and their contents go back to the kernel. Freeing should not fail, so
// if the kernel refuses one way, another is tried.

import AddressSpace
import LinuxKernel

extension Granules {
    /// From this size on, replacing read-write pages by a fresh mapping costs less than marking each. Pages
    /// with another protection must be closed and opened for marking, so replacing them costs less at any
    /// size.
    private static var leastGranulesToUnprepare: UInt { 16 }

    /// Makes pages inaccessible, and frees their contents.
    ///
    /// - Parameters:
    ///   - hull: From the first committed page to the last; none is locked.
    ///   - summary: The summary of these pages.
    /// - Throws: The kernel's refusal, if it refuses every way for the first run; nothing has changed then. A
    ///   refusal for a later run is not thrown: at worst its granules become unsettled, and the next commit
    ///   puts them in order.
    @_optimize(size)
    func discard(_ hull: PageRange, _ summary: AddressMap.RangeSummary) throws(KernelError) {
        let access: Accesses =
            summary.commonEnforced?.isEnforcedLike(.readWrite) == true ? .readWrite : .mixed
        try prepared.forEachPart(of: hull) { run, isMarked throws(KernelError) in
            // On the guarded backing, granules that are neither prepared nor unsettled have no committed
            // pages.
            if isMarked || usual == .plain || unsettled.containsAny(of: run) {
                try discardRun(run, isMarked ? .marked : .mapped, access, first: hull.start)
            }
        }
    }

    /// How a run of granules is backed.
    private enum Way {
        case marked
        case mapped
    }

    /// What the committed pages of a range allow.
    private enum Accesses {
        /// All are readable and writable.
        case readWrite
        case mixed
    }

    @_optimize(size)
    private func discardRun(
        _ run: PageRange, _ way: Way, _ access: Accesses, first: UInt
    ) throws(KernelError) {
        var triesLeft = run.start == first ? 1 : Granules.mostTries
        var refusal = KernelError.outOfMemory
        while triesLeft > 0 {
            do throws(KernelError) {
                return way == .marked
                    ? try discardMarked(run, access) : try discardMapped(run, access)
            } catch {
                refusal = error
            }
            islands.ballast.giveUp()
            triesLeft &-= 1
            if closeAnyWay(run) { return }
        }
        if run.start == first { throw refusal }
        noteUnsettled(run)
    }

    private func discardMarked(_ run: PageRange, _ access: Accesses) throws(KernelError) {
        let least = access == .readWrite ? Granules.leastGranulesToUnprepare : 1
        if run.isWholeGranules && run.pageCount >= least &* Page.perGranule && unprepare(run) {
            return
        }
        if access == .readWrite && !unsettled.containsAny(of: run) { return try mark(run) }
        // Closed first, because a page may read as zeros while markers go in.
        try PageAccess.set(.noAccess, on: run)
        do throws(KernelError) {
            try mark(run)
            try PageAccess.set(.readWrite, on: run)
        } catch {
            // The pages are closed, which is enough.
            noteUnsettled(run)
        }
    }

    private func discardMapped(_ run: PageRange, _ access: Accesses) throws(KernelError) {
        if access == .readWrite { try replace(run) } else { try Mapping.discard(run) }
    }

    /// Makes pages inaccessible by any way that the kernel allows.
    ///
    /// - Returns: False if it allows none.
    private func closeAnyWay(_ run: PageRange) -> Bool {
        do throws(KernelError) {
            try PageAccess.set(.noAccess, on: run)
        } catch {
            // Markers need no mapping of their own.
            do throws(KernelError) { try mark(run) } catch { return false }
        }
        noteUnsettled(run)
        do throws(KernelError) {
            try Mapping.empty(at: run.base, byteCount: run.byteCount)
        } catch {
            // The contents are freed when the granule is put in order.
        }
        return true
    }
}
