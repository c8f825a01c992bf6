// Granules with pages of two allocations. The release of a part makes them, and dividing a placeholder.

import AddressSpace
import LinuxKernel

extension GuardedBacking {
    /// Prepares the granules at the ends of `part`, where it shares them with the rest of its
    /// allocation: a granule with pages of two allocations must be prepared as a whole.
    func prepareEdges(of part: PageRange, in allocation: Allocation, claimed: PageRange) {
        if allocation.range.start < part.start { prepareGranule(of: part.start, in: claimed) }
        if part.end < allocation.range.end { prepareGranule(of: part.end, in: claimed) }
    }

    private func prepareGranule(of page: UInt, in claimed: PageRange) {
        let granule = page / Page.perGranule
        // A boundary between two granules divides no granule.
        if page & (Page.perGranule &- 1) == 0 || granules.unsettled.contains(granule)
            || granules.prepared.contains(granule)
        {
            return
        }
        let whole = PageRange(granules: granule..<granule &+ 1)
        // No page of the granule is committed.
        guard let ours = whole.intersection(with: claimed) else { return }
        do throws(KernelError) { _ = try granules.prepare(ours, opening: nil) } catch {
            // A release must not fail here. The next commit in the granule prepares it.
            granules.noteUnsettled(ours)
        }
    }

    /// Gives new pages the form of a prepared granule that they complete. Such a granule exists where an
    /// allocation with a mapping of its own ended inside it, and became part of an arena.
    func joinGranule(_ part: PageRange) throws(KernelError) {
        let granule = part.start / Page.perGranule
        let isCompletion = part.start & (Page.perGranule &- 1) != 0
        if !isCompletion || !granules.prepared.contains(granule) { return }
        let head = PageRange(from: part.start, to: min((granule &+ 1) &* Page.perGranule, part.end))
        try Mapping.putIntoDumps(head)
        try granules.mark(head)
        try PageAccess.set(.readWrite, on: head)
    }
}
