// What a caller sees: regions.

/// VirtualQuery's answer about memory of ours: like pages from the queried page on.
package struct Region: Equatable {
    package var range: PageRange
    package var state: PageState
    /// First page of the allocation, and how it was reserved; `nil` if and only if the state is free.
    package var allocation: Origin?

    /// What a region was once reserved as. Where its allocation ends does not matter to a query.
    package struct Origin: Equatable {
        package let base: UInt
        package let attributes: AllocationAttributes
    }
}

extension AddressMap {
    /// The region that begins at `page`.
    ///
    /// For free pages it ends at the next object of ours; what the kernel has there besides is for
    /// the caller to find out.
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

    /// Where the object that contains `page` ends; for stepping over space.
    @inline(__always)
    package func endOfObject(containing page: UInt) -> UInt {
        max(allocations.next(from: page &+ 1), page &+ 1)
    }
}
