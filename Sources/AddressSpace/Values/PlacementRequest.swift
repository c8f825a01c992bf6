// Where a new allocation may lie, and which places are looked at one after another.

/// What is asked of the place for a new allocation. All in bytes.
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

    /// Whether an allocation that asks for no limits may lie below 4 GiB, where those that do may have
    /// no other place: only when there is no room elsewhere.
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

    /// True if the lowest place of all is asked for, at any granule.
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

    /// The next place to look at when there is an obstacle in the last one; `nil` if that was all.
    package func place(beyond obstacle: PageRange) -> PageRange? {
        direction == .lowestFirst ? place(from: obstacle.limit) : place(upTo: obstacle.base)
    }

    /// True if `range` comes before `other` in the order of the search.
    package func prefers(_ range: PageRange, to other: PageRange) -> Bool {
        direction == .lowestFirst ? range.start < other.start : range.start > other.start
    }

    /// The same without `range` and all that comes before it.
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
