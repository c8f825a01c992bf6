// Prepares granules for guard markers, and undoes the preparation.

import AddressSpace
import LinuxKernel

extension Granules {
    /// The most granules that are prepared at once: 2 MiB, the span of one page of the kernel's page tables.
    static var mostGranulesAtOnce: UInt { 32 }

    /// Prepares the granules of `claimed` that are not prepared yet. In them the pages of `range` become
    /// accessible, and the others marked.
    ///
    /// - Returns: The number of pages of `range` that became accessible.
    func prepare(
        _ claimed: PageRange, opening range: PageRange?
    ) throws(KernelError) -> UInt {
        var opened: UInt = 0
        try prepared.forEachPart(of: claimed) { run, isPrepared throws(KernelError) in
            if isPrepared { return }
            let part = range?.intersection(with: run)
            try prepareRun(run, opening: part)
            opened &+= part?.pageCount ?? 0
        }
        return opened
    }

    /// - Parameter part: The pages of the run that become accessible.
    private func prepareRun(_ run: PageRange, opening part: PageRange?) throws(KernelError) {
        do throws(KernelError) {
            // Before markers go in: with them the kernel would put the whole arena into core dumps.
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
            // No page of the run is committed.
            if !discardRaw(run) { noteUnsettled(run) }
            throw error
        }
        islands.noteJoining(run, prepared)
        prepared.insert(run)
    }

    /// Prepares whole granules, all of whose pages are committed, with `access` in one call.
    ///
    /// - Returns: False if the range is not whole granules, the claim is larger, or one is prepared already.
    ///   Nothing was changed then.
    func prepareWhole(
        _ range: PageRange, _ claimed: PageRange, as access: Protection
    ) throws(KernelError) -> Bool {
        if claimed != range || !range.isWholeGranules || prepared.containsAny(of: range) {
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

    /// Replaces pages of which none is committed by an inaccessible mapping.
    ///
    /// - Returns: False if the kernel refuses; then nothing has changed.
    func discardRaw(_ run: PageRange) -> Bool {
        do throws(KernelError) {
            do throws(KernelError) { try Mapping.discard(run) } catch {
                // The call makes one mapping of several, but the kernel needs one more while it does so.
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

    /// Undoes the preparation of whole granules in which no page is committed any more. Frees the contents.
    ///
    /// - Returns: False if the kernel refuses; then nothing has changed.
    func unprepare(_ run: PageRange) -> Bool {
        if !discardRaw(run) { return false }
        islands.noteParting(run, prepared)
        forget(run)
        return true
    }

    /// Forgets the facts about granules at which the kernel has only an inaccessible mapping, or none.
    func forget(_ run: PageRange) {
        prepared.remove(run)
        if unsettled.containsAny(of: run) { unsettled.remove(run) }
    }
}
