// Granules with pages of two allocations, which only the release of a part makes.

import AddressSpace
import LinuxKernel

extension PageBacking {
    /// The pages to claim for releasing `part`: itself, and the granules at its ends as far as they
    /// are ours.
    func claim(forReleasing part: PageRange, of allocation: Allocation) -> PageRange {
        let whole = part.withWholeGranules
        // The available pages behind it are prepared along with a granule, as for every commit.
        return PageRange(
            from: max(whole.start, allocation.range.start),
            to: max(min(whole.end, endOfOurs(behind: allocation)), part.end))
    }

    /// Prepares the granules at the ends of `part`, where it shares them with the rest of its
    /// allocation: a granule with pages of two allocations must be prepared as a whole.
    ///
    /// - Parameter claimed: `claim(forReleasing:of:)` of the part.
    func prepareEdges(
        of part: PageRange, in allocation: Allocation, claimed: PageRange
    ) {
        if kind == .mapped { return }
        if allocation.range.start < part.start { prepareGranule(of: part.start, in: claimed) }
        if part.end < allocation.range.end { prepareGranule(of: part.end, in: claimed) }
    }

    private func prepareGranule(of page: UInt, in claimed: PageRange) {
        let granule = page / Page.perGranule
        if unsettled.contains(granule) { return }
        let start = max(granule &* Page.perGranule, claimed.start)
        let end = min((granule &+ 1) &* Page.perGranule, claimed.end)
        // A boundary between two granules divides none.
        if page & (Page.perGranule &- 1) == 0 || prepared.contains(granule) { return }
        // Nothing in it is committed.
        let ours = PageRange(from: start, to: end)
        do throws(KernelError) { _ = try prepare(ours, opening: nil) } catch {
            // What frees is not refused: whoever commits in it next prepares it.
            noteUnsettled(ours)
        }
    }

    /// Brings new inaccessible pages in line with the granule that they complete, if it is prepared:
    /// an allocation with a mapping of its own that ended inside it became part of an arena.
    ///
    /// - Parameter part: The claim covers it and its first granule.
    func joinPreparedGranule(_ part: PageRange) throws(KernelError) {
        let granule = part.start / Page.perGranule
        let isCompletion = part.start & (Page.perGranule &- 1) != 0
        if kind == .mapped || !isCompletion || !prepared.contains(granule) { return }
        let head = PageRange(from: part.start, to: min((granule &+ 1) &* Page.perGranule, part.end))
        try Mapping.putIntoDumps(head)
        try mark(head)
        try PageAccess.set(.readWrite, on: head)
    }
}
