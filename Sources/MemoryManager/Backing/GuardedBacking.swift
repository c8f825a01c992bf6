// The guarded backing: a granule is prepared once. Then one madvise commits or decommits any of its pages
// without dividing a mapping.

import AddressSpace
import LinuxKernel

struct GuardedBacking: Backing {
    let granules: Granules

    @inline(__always)
    func uncover(_ range: PageRange) throws(KernelError) {
        try GuardMarkers.remove(from: range)
        granules.populate(range)
    }

    @inline(__always)
    func cover(_ range: PageRange) throws(KernelError) { try granules.mark(range) }

    func commit(
        _ range: PageRange, as access: Protection, claimed: PageRange,
        over summary: AddressMap.RangeSummary
    ) throws(KernelError) {
        if access.isEnforcedLike(.readWrite) {
            try commitReadWrite(range, claimed, over: summary)
        } else if try !granules.prepareWhole(range, claimed, as: access) {
            // The pages stay marked until their mapping has the right protection.
            _ = try granules.prepare(claimed, opening: nil)
            try granules.setAccess(access, on: range)
            try GuardMarkers.remove(from: range)
        }
    }

    private func commitReadWrite(
        _ range: PageRange, _ claimed: PageRange, over summary: AddressMap.RangeSummary
    ) throws(KernelError) {
        let opened = try granules.prepare(claimed, opening: range)
        let wasReadWrite =
            summary.committedPageCount == 0
            || summary.commonEnforced?.isEnforcedLike(.readWrite) == true
        if !wasReadWrite { try granules.setAccess(.readWrite, on: range) }
        if opened < range.pageCount { try GuardMarkers.remove(from: range) }
    }

    /// Up to this size, marking the pages takes no longer than unmapping them and mapping others.
    private static var mostPagesMarked: UInt { 64 }

    func leavesPlace(_ pageCount: UInt) -> Bool {
        pageCount > GuardedBacking.mostPagesMarked && pageCount <= PlaceCache.mostPages
    }
}
