// What a caller sees: regions.

/// VirtualQuery's answer about memory of ours: like pages from the queried page on.
package struct Region: Equatable {
    package var range: PageRange
    package var state: PageState
    /// `nil` if and only if the state is free.
    package var allocation: Allocation?
}

extension AddressMap {
    /// The region that begins at `page`.
    ///
    /// For free pages it ends at the next object of ours; what the kernel has there besides is for
    /// the caller to find out.
    /// - Complexity: O(1), plus O(1) for each neighbouring run that differs only in ways no caller
    ///   can see.
    package func region(from page: UInt) -> Region {
        let allocation = allocation(containing: page)
        let state = state(of: page)
        let limit = allocation?.range.end ?? endOfObject(containing: page)
        var end = max(runs.next(from: page &+ 1), page &+ 1)
        while end < limit && self.state(of: end).looksLike(state) {
            end = max(runs.next(from: end &+ 1), end &+ 1)
        }
        return Region(
            range: PageRange(from: page, to: min(end, limit)), state: state, allocation: allocation)
    }

    /// Where the object that contains `page` ends; for stepping over space.
    @inline(__always)
    package func endOfObject(containing page: UInt) -> UInt {
        max(allocations.next(from: page &+ 1), page &+ 1)
    }
}
