// Where a new allocation may lie, and in which order a search tries the places.

/// The conditions on the place of a new allocation. Addresses are in bytes.
package struct PlacementRequest {
    package enum Direction {
        case lowestFirst
        case highestFirst
    }

    package var pageCount: UInt
    /// Power of two, at least the allocation granularity.
    package var alignment: UInt
    /// The allocation lies in `[lowest, end)`.
    package var lowest: UInt
    package var end: UInt
    package var direction: Direction
    package var lowAddresses = LowAddresses.left

    /// Whether an allocation without address limits may lie below 4 GiB. It may only when there is no room
    /// elsewhere, because allocations with limits may have no other place.
    package enum LowAddresses {
        case left
        case used
    }

    package init(
        pageCount: UInt, alignment: UInt = Page.allocationGranularity,
        lowest: UInt = Page.lowestAddress, end: UInt = Page.endOfReservableSpace,
        direction: Direction = .lowestFirst
    ) {
        self.pageCount = pageCount
        self.alignment = alignment
        self.lowest = lowest
        self.end = end
        self.direction = direction
    }

    /// True unless the allocation may lie anywhere.
    @inline(__always) package var isLimited: Bool {
        lowest > Page.lowestAddress || end < Page.endOfReservableSpace
    }

    /// Where the search in arenas begins.
    @inline(__always) package var lowestInArenas: UInt {
        isLimited || lowAddresses == .used ? lowest : Page.endOfLowAddresses
    }

    /// True if the request is for the lowest place, without limits, on any granule.
    @inline(__always) package var isAnywhere: Bool {
        direction == .lowestFirst && !isLimited && alignment == Page.allocationGranularity
    }

    /// Whether there is a place for it in `range`, if all of that is available.
    package func hasPlace(in range: PageRange) -> Bool {
        var inner = self
        inner.lowest = max(lowestInArenas, range.base)
        inner.end = min(end, range.limit)
        return inner.first != nil
    }

    /// The place to look at first: as low (or high) as the limits allow; `nil` if they are too narrow.
    package var first: PageRange? {
        direction == .lowestFirst ? place(from: lowest) : place(upTo: end)
    }

    /// The next place to try when `obstacle` is in the way of the last one; `nil` if there is none.
    package func place(beyond obstacle: PageRange) -> PageRange? {
        direction == .lowestFirst ? place(from: obstacle.limit) : place(upTo: obstacle.base)
    }

    /// True if `range` comes before `other` in the order of the search.
    package func prefers(_ range: PageRange, to other: PageRange) -> Bool {
        direction == .lowestFirst ? range.start < other.start : range.start > other.start
    }

    /// The request without `range` and all places that come before it.
    package func without(_ range: PageRange) -> PlacementRequest {
        var rest = self
        if direction == .lowestFirst { rest.lowest = range.limit } else { rest.end = range.base }
        return rest
    }

    private func place(from address: UInt) -> PageRange? {
        let mask = alignment &- 1
        let start = (max(address, lowest) &+ mask) & ~mask
        let byteCount = pageCount &<< Page.shift
        if start >= end || end &- start < byteCount { return nil }
        return PageRange(spanning: start, byteCount: byteCount)
    }

    private func place(upTo address: UInt) -> PageRange? {
        let limit = min(address, end)
        let byteCount = pageCount &<< Page.shift
        if limit < byteCount { return nil }
        let start = (limit &- byteCount) & ~(alignment &- 1)
        return start < lowest ? nil : PageRange(spanning: start, byteCount: byteCount)
    }
}
