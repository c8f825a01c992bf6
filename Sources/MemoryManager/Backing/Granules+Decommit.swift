// Decommitting: pages become inaccessible, and their contents go back to the kernel. What frees cannot
// be refused: where the kernel refuses one way, there is another.

import AddressSpace
import LinuxKernel

extension Granules {
    /// Readable and writable stretches from this size on are cheaper replaced by a fresh mapping than
    /// marked page by page; others, which must be closed and opened for that, are at any size.
    private static var leastGranulesToUnprepare: UInt { 16 }
    /// How often a call is made again that was refused after others had succeeded.
    private static var mostTries: Int { 64 }

    /// Makes pages inaccessible, and frees their contents.
    ///
    /// - Parameters:
    ///   - hull: From the first committed page to the last; none is locked.
    ///   - summary: What these pages hold.
    /// - Throws: The kernel's refusal of the first step, by every way there is. Then nothing has
    ///   changed. Later steps are not refused: at worst pages keep their contents until they are
    ///   committed again, and are put in order then.
    @_optimize(size)
    func discard(_ hull: PageRange, _ summary: AddressMap.RangeSummary) throws(KernelError) {
        let isReadWrite = summary.commonEnforced?.isEnforcedLike(.readWrite) == true
        let last = (hull.end &+ Page.perGranule &- 1) / Page.perGranule
        var start = hull.start
        while start < hull.end {
            let granule = start / Page.perGranule
            let isMarked = prepared.contains(granule)
            let end = min(prepared.endOfRun(from: granule, to: last) &* Page.perGranule, hull.end)
            let run = PageRange(from: start, to: end)
            // In other granules of the guarded backing nothing is committed, but for unsettled ones.
            if isMarked || usual == .plain || unsettled.containsAny(of: run) {
                try discardRun(run, isMarked ? .marked : .mapped, isReadWrite, first: hull.start)
            }
            start = end
        }
    }

    /// How a run of granules is backed.
    private enum Way {
        case marked
        case mapped
    }

    @_optimize(size)
    private func discardRun(
        _ run: PageRange, _ way: Way, _ isReadWrite: Bool, first: UInt
    ) throws(KernelError) {
        var triesLeft = run.start == first ? 1 : Granules.mostTries
        var refusal = KernelError.outOfMemory
        while triesLeft > 0 {
            do throws(KernelError) {
                return way == .marked
                    ? try discardMarked(run, isReadWrite) : try discardMapped(run, isReadWrite)
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

    private func discardMarked(_ run: PageRange, _ isReadWrite: Bool) throws(KernelError) {
        let least = isReadWrite ? Granules.leastGranulesToUnprepare : 1
        if run.isWholeGranules && run.pageCount >= least &* Page.perGranule && unprepare(run) {
            return
        }
        if isReadWrite && !unsettled.containsAny(of: run) { return try mark(run) }
        // Closed first: while markers go in, a page may show zeros.
        try PageAccess.set(.noAccess, on: run)
        do throws(KernelError) {
            try mark(run)
            try PageAccess.set(.readWrite, on: run)
        } catch {
            // It is closed, and that is what matters.
            noteUnsettled(run)
        }
    }

    private func discardMapped(_ run: PageRange, _ isReadWrite: Bool) throws(KernelError) {
        if isReadWrite { try replace(run) } else { try Mapping.discard(run) }
    }

    /// Closes pages by any way that the kernel allows.
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
            // The contents go when the granule is put in order.
        }
        return true
    }
}
