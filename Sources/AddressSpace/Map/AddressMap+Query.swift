// Regions: the answer to a query.

/// VirtualQuery's answer: the run of pages, from the queried page on, that are alike to the caller.
package struct Region: Equatable {
    package var range: PageRange
    package var state: PageState
    /// First page of the allocation, and how it was reserved; `nil` if and only if the state is free.
    package var allocation: Origin?

    /// The allocation of a region: its base and attributes. A query does not need its end.
    package struct Origin: Equatable {
        package let base: UInt
        package let attributes: AllocationAttributes
    }
}

extension AddressMap {
    /// The region that begins at `page`.
    ///
    /// A region of free pages ends where the state changes; the caller must ask the kernel for other mappings
    /// in it.
    /// - Complexity: O(1), plus O(1) for each neighbouring run that differs only in ways no caller
    ///   can see.
    package func region(from page: UInt) -> Region {
        directory.table(of: page)?.prefetchState(at: page)
        let state = state(of: page)
        var end = max(runs.next(from: page &+ 1), page &+ 1)
        var region = Region(range: PageRange(from: page, to: end), state: state, allocation: nil)
        if state.isFree { return region }
        // Runs end where allocations do (I1), so only a run that looks the same needs a second look.
        while end < Page.endOfMap, let table = directory.table(of: end),
            table.state(at: end).looksLike(state), !allocations.contains(end)
        {
            end = max(runs.next(from: end &+ 1), end &+ 1)
            region.range = PageRange(from: page, to: end)
        }
        if let base = allocations.previous(from: page), let table = directory.table(of: base) {
            region.allocation = Region.Origin(
                base: base, attributes: table.attributes(at: base))
        }
        return region
    }

    /// The next allocation boundary after `page`: where its allocation, gap or unowned stretch ends.
    @inline(__always)
    package func endOfExtent(containing page: UInt) -> UInt {
        max(allocations.next(from: page &+ 1), page &+ 1)
    }
}
