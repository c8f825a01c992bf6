// The mapped backing: mprotect commits, and a fresh inaccessible mapping decommits. Granules have markers
// only after the process has reached its limit on mappings.

import AddressSpace
import LinuxKernel

struct MappedBacking: Backing {
    let granules: Granules

    @inline(__always)
    func uncover(_ range: PageRange) throws(KernelError) {
        try PageAccess.set(.readWrite, on: range)
        granules.populate(range)
    }

    @inline(__always)
    func cover(_ range: PageRange) throws(KernelError) { try granules.replace(range) }

    func claim(forCommitting range: PageRange, in new: Allocation?) -> PageRange {
        granules.islands.isMappedJoining ? joined(range) : range
    }

    @_optimize(size)
    func commit(
        _ range: PageRange, as access: Protection, claimed: PageRange,
        over summary: AddressMap.RangeSummary
    ) throws(KernelError) {
        if summary.committedPageCount == 0 && isGapToJoin(from: claimed.start, to: range.start) {
            try commitJoined(range, as: access, from: claimed.start)
        } else {
            try granules.setAccess(access, on: range)
            if granules.prepared.containsAny(of: range) { try GuardMarkers.remove(from: range) }
        }
    }

    // Plain granules need no preparation, so the next two functions have nothing to do.
    func prepareEdges(of part: PageRange, in allocation: Allocation, claimed: PageRange) {}

    func joinGranule(_ part: PageRange) throws(KernelError) {}

    func leavesPlace(_ pageCount: UInt) -> Bool { pageCount <= PlaceCache.mostPages }
}
