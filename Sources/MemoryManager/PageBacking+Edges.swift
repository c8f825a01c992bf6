// Granules with pages of two allocations, which only the release of a part makes.

import AddressSpace
import LinuxKernel

extension PageBacking {
    /// Prepares the granules at the ends of `part`, where it shares them with the rest of its
    /// allocation: a granule with pages of two allocations must be prepared as a whole.
    ///
    /// - Parameter claimed: `part`, extended to whole granules inside its allocation.
    func prepareEdges(of part: PageRange, claimed: PageRange) throws(KernelError) {
        if kind == .mapped { return }
        if claimed.start < part.start { try prepareGranule(of: part.start, in: claimed) }
        if part.end < claimed.end { try prepareGranule(of: part.end, in: claimed) }
    }

    private func prepareGranule(of page: UInt, in claimed: PageRange) throws(KernelError) {
        let granule = page / Page.perGranule
        if prepared.contains(granule) { return }
        let start = max(granule &* Page.perGranule, claimed.start)
        let end = min((granule &+ 1) &* Page.perGranule, claimed.end)
        // Nothing in it is committed, so nothing is uncovered: the range named is that behind it.
        let behind = PageRange(from: end, to: end &+ 1)
        _ = try prepare(PageRange(from: start, to: end), uncovering: behind)
    }
}
