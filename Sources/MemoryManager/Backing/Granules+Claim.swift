// Extends ranges to be claimed, because a granule is prepared, or put in order, as a whole.

import AddressSpace
import LinuxKernel

extension Granules {
    /// `range` and all pages of ours in the granules at its ends, of any allocation, because a granule is
    /// prepared as a whole.
    ///
    /// - Parameter new: The allocation that is being made, if the map does not have it yet.
    func granulesOfOurs(around range: PageRange, in new: Allocation? = nil) -> PageRange {
        let whole = range.withWholeGranules
        let inner = new?.range.joined(with: range) ?? range
        var start = max(min(inner.start, range.start), whole.start)
        var end = min(max(inner.end, range.end), whole.end)
        while start > whole.start, map.state(of: start &- 1) != .unowned { start &-= 1 }
        while end < whole.end, map.state(of: end) != .unowned { end &+= 1 }
        return PageRange(from: start, to: end)
    }

    /// The end of the pages that are certainly ours: those of the allocation, and the gap behind it.
    func endOfOurs(behind allocation: Allocation) -> UInt {
        let end = allocation.range.end
        if allocation.attributes.placement == .ownMapping { return end }
        if end >= Page.endOfMap || map.state(of: end) != .available { return end }
        return map.endOfExtent(containing: end)
    }
}
