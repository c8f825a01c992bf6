// Pages that must be claimed along with others, since a granule is prepared, or put in order, as a whole.

import AddressSpace
import LinuxKernel

extension Granules {
    /// `range` with the whole of the granules at its ends, as far as they are ours, of whatever
    /// allocation: whether a granule is prepared is a fact about all of its pages.
    ///
    /// - Parameter new: The allocation to be, if the map does not have it yet.
    func granulesOfOurs(around range: PageRange, in new: Allocation? = nil) -> PageRange {
        let whole = range.withWholeGranules
        let inner = new?.range.joined(with: range) ?? range
        var start = max(min(inner.start, range.start), whole.start)
        var end = min(max(inner.end, range.end), whole.end)
        while start > whole.start, map.state(of: start &- 1) != .free { start &-= 1 }
        while end < whole.end, map.state(of: end) != .free { end &+= 1 }
        return PageRange(from: start, to: end)
    }

    /// How far pages are ours for certain: the allocation, and the available pages behind it.
    func endOfOurs(behind allocation: Allocation) -> UInt {
        let end = allocation.range.end
        if allocation.attributes.placement == .ownMapping { return end }
        if end >= Page.endOfMap || map.state(of: end) != .available { return end }
        return map.endOfObject(containing: end)
    }

    /// The pages to claim for releasing `part`: itself, and the granules at its ends as far as they
    /// are ours.
    func claim(forReleasing part: PageRange, of allocation: Allocation) -> PageRange {
        let whole = part.withWholeGranules
        // The available pages behind it are prepared along with a granule, as for every commit.
        return PageRange(
            from: max(whole.start, allocation.range.start),
            to: max(min(whole.end, endOfOurs(behind: allocation)), part.end))
    }
}
