// Preparing granules for guard markers, and taking them out of preparation again.

import AddressSpace
import LinuxKernel

extension Granules {
    /// Granules prepared at once at most: 2 MiB, one page of the kernel's page tables.
    static var mostGranulesAtOnce: UInt { 32 }

    /// Prepares the granules of `claimed` that are not prepared yet, leaving the pages of `range`
    /// accessible, the others marked.
    ///
    /// - Returns: How many pages of `range` are accessible now that had not been.
    func prepare(
        _ claimed: PageRange, opening range: PageRange?
    ) throws(KernelError) -> UInt {
        var opened: UInt = 0
        var start = claimed.start
        let lastGranule = (claimed.end &+ Page.perGranule &- 1) / Page.perGranule
        while start < claimed.end {
            let granule = start / Page.perGranule
            let runEnd = prepared.endOfRun(from: granule, to: lastGranule)
            let run = PageRange(
                from: start, to: min(runEnd &* Page.perGranule, claimed.end))
            if !prepared.contains(granule) {
                let part = range?.intersection(with: run)
                try prepareRun(run, opening: part)
                opened &+= part?.pageCount ?? 0
            }
            start = run.end
        }
        return opened
    }

    /// - Parameter part: Pages of the run that are to be accessible.
    private func prepareRun(_ run: PageRange, opening part: PageRange?) throws(KernelError) {
        do throws(KernelError) {
            // Before markers go in, which would put the whole arena into dumps.
            try Mapping.putIntoDumps(run)
            if let part {
                if run.start < part.start {
                    try mark(PageRange(from: run.start, to: part.start))
                }
                if part.end < run.end { try mark(PageRange(from: part.end, to: run.end)) }
            } else {
                try mark(run)
            }
            try PageAccess.set(.readWrite, on: run)
        } catch {
            // Nothing in it is committed.
            if !discardRaw(run) { noteUnsettled(run) }
            throw error
        }
        islands.noteJoining(run, prepared)
        prepared.insert(run)
    }

    /// Makes whole granules accessible as `access` says, which are not prepared yet.
    ///
    /// - Returns: False if it is not that simple; then nothing was done.
    func prepareWhole(
        _ range: PageRange, _ claimed: PageRange, as access: Protection
    ) throws(KernelError) -> Bool {
        let first = range.start / Page.perGranule
        let last = range.end / Page.perGranule
        if claimed != range || !range.isWholeGranules || prepared.contains(first)
            || prepared.endOfRun(from: first, to: last) < last
        {
            return false
        }
        try Mapping.putIntoDumps(range)
        do throws(KernelError) { try PageAccess.set(access, on: range) } catch {
            if !discardRaw(range) { noteUnsettled(range) }
            throw error
        }
        islands.noteJoining(range, prepared)
        prepared.insert(range)
        return true
    }

    /// Replaces pages in which nothing is committed by an inaccessible mapping.
    ///
    /// - Returns: False if the kernel refuses; then nothing has changed.
    func discardRaw(_ run: PageRange) -> Bool {
        do throws(KernelError) {
            do throws(KernelError) { try Mapping.discard(run) } catch {
                // It makes one mapping of several, but the kernel wants one more for it meanwhile.
                if !islands.ballast.giveUp() { throw error }
                try Mapping.discard(run)
                islands.ballast.takeUp()
            }
        } catch {
            return false
        }
        if usual == .prepared { Mapping.keepOutOfDumps(run) }
        return true
    }

    /// Takes whole granules in which nothing is committed any more out of preparation. Contents go.
    ///
    /// - Returns: False if the kernel refuses; then nothing has changed.
    func unprepare(_ run: PageRange) -> Bool {
        if !discardRaw(run) { return false }
        islands.noteParting(run, prepared)
        forget(run)
        return true
    }

    /// Forgets what is known of granules of which the kernel has nothing but an inaccessible mapping,
    /// or nothing at all.
    func forget(_ run: PageRange) {
        prepared.remove(run)
        if unsettled.containsAny(of: run) { unsettled.remove(run) }
    }
}
