// The fast path of a query. Two words, with the run and allocation boundaries around the page, mostly answer
// it; a boundary that is not in them is searched for from there.

/// The boundaries around a page.
private struct Surroundings {
    let page: UInt
    let table: PageTable
    /// The run boundaries in the word of `page`: up to and including `page`, and after it.
    let before: UInt32
    let behind: UInt32
    /// The allocation boundaries in the same way.
    let extentsBefore: UInt32
    let extentsBehind: UInt32
}

extension AddressMap {
    /// The region that begins at `page`, if `page` is allocated and the region ends with its run; `nil`
    /// otherwise.
    @inline(__always)
    package func fastRegion(from page: UInt) -> Region? {
        guard let table = directory.table(of: page) else { return nil }
        table.prefetchState(at: page)
        let bits = unsafe payload(of: runs.word(table, level: 0, holding: page))
        let extents = unsafe payload(of: allocations.word(table, level: 0, holding: page))
        let upToPage = BoundaryBits.mask(upTo: page)
        let around = Surroundings(
            page: page, table: table, before: bits & upToPage, behind: bits & ~upToPage,
            extentsBefore: extents & upToPage, extentsBehind: extents & ~upToPage)
        guard let (start, state) = run(of: around), !state.isFree,
            let end = end(of: around, in: state), let origin = origin(of: around, runFrom: start)
        else { return nil }
        return Region(range: PageRange(from: page, to: end), state: state, allocation: origin)
    }

    /// Where the run of the page begins, and its state.
    @inline(__always)
    private func run(of around: Surroundings) -> (start: UInt, state: PageState)? {
        if around.before != 0 {
            let start = BoundaryBits.last(of: around.before, near: around.page)
            return (start, around.table.state(at: start))
        }
        guard let start = runs.previousFar(from: around.page),
            let table = directory.table(of: start)
        else { return nil }
        return (start, table.state(at: start))
    }

    /// Where the run of the page ends; `nil` if the next run is of the same allocation and looks the same.
    @inline(__always)
    private func end(of around: Surroundings, in state: PageState) -> UInt? {
        let behind = around.behind
        var end = BoundaryBits.first(of: behind, near: around.page)
        var isEndOfAllocation = around.extentsBehind & behind & (0 &- behind) != 0
        if behind == 0 {
            end = runs.next(from: (around.page | 31) &+ 1)
            isEndOfAllocation = allocations.contains(end)
        }
        if isEndOfAllocation { return end }
        guard let table = directory.table(of: end), !table.state(at: end).looksLike(state) else {
            return nil
        }
        return end
    }

    /// The allocation of the page, whose run begins at `start`.
    @inline(__always)
    private func origin(of around: Surroundings, runFrom start: UInt) -> Region.Origin? {
        if around.extentsBefore != 0 {
            let base = BoundaryBits.last(of: around.extentsBefore, near: around.page)
            return Region.Origin(base: base, attributes: around.table.attributes(at: base))
        }
        // No allocation begins within a run (I1).
        let far =
            around.before == 0
            ? allocations.previous(from: start)
            : allocations.previous(in: around.table, beforeWordOf: around.page)
                ?? allocations.previous(belowTableOf: around.page)
        guard let base = far, let table = directory.table(of: base) else { return nil }
        return Region.Origin(base: base, attributes: table.attributes(at: base))
    }
}
