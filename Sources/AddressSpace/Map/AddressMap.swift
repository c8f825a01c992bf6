// The map of the address space. It reads its tables and drafts changes; it never calls the kernel.
//
// The states of a page, and the operations that change them (Windows' terms):
//
//              reserve                commit
//    unowned --------------> reserved --------> committed (protection, guard, locked)
//       ^                      |  ^              |    |
//       |       release        |  |   decommit   |    |
//       +----------------------+  +--------------+    |
//       |                  release                    |
//       +---------------------------------------------+
//
// `unowned` belongs to nobody, or to mappings that are not ours; `available` is free space inside an arena of
// ours. Callers see both as MEM_FREE.
//
// Invariants (AddressMap+Invariants.swift). Debug builds check I1 to I5 around the pages of every change
// when it is recorded. The tests check all of them over the whole map, except two: they check I6 by accessing
// pages, and I8 by what threads find in pages of their own.
//   I1  Every allocation boundary is a run boundary.
//   I2  The state of a page is the one stored at the last run boundary at or before it; before the
//       first boundary, unowned.
//   I3  An extent (the pages between two allocation boundaries) is either entirely unowned, entirely
//       available, or an allocation: all of its pages reserved or committed.
//   I4  Two neighbouring extents are never both unowned, nor both available.
//   I5  Inside an allocation, two neighbouring runs differ in state.
//   I6  Every available page lies in a PROT_NONE mapping of ours, as does every reserved page.
//   I7  The commit charge is the number of committed pages, plus those claimed by a running commit.
//   I8  Two claims that hold never overlap; only the owner of a claim changes the pages it covers.
//   I9  The set of each size class has exactly the gaps (available extents) of that class in which a
//       granule begins.
//   I10 The set of unowned ends has the end of each unowned extent, except the end of the map, and no other page.
//   I11 The state of a run is also stored at its last page, unless a block of a table ends there.
//   I12 The pages of an allocation are in the state `placeholder` if and only if that is its kind.

import Synchronization

/// An allocation: its pages and its attributes.
package struct Allocation: Equatable {
    package let range: PageRange
    package let attributes: AllocationAttributes

    @inline(__always)
    package init(range: PageRange, attributes: AllocationAttributes) {
        self.range = range
        self.attributes = attributes
    }
}

/// A maximal run of pages with the same stored state.
package struct Run: Equatable {
    package let range: PageRange
    package let state: PageState

    @inline(__always)
    package init(range: PageRange, state: PageState) {
        self.range = range
        self.state = state
    }
}

/// The boundary sets, the states at the boundaries, the claims, the gaps and the charge, in zeroed storage
/// that the caller lends.
@safe package struct AddressMap {
    let storage: AddressMapStorage

    @inline(__always)
    package init(storage: AddressMapStorage) { self.storage = storage }

    @inline(__always) package var directory: PageDirectory { storage.directory }
    @inline(__always) package var runs: BoundarySet { BoundarySet(BoundarySet.runs, in: storage) }
    @inline(__always) package var allocations: BoundarySet {
        BoundarySet(BoundarySet.allocations, in: storage)
    }
    @inline(__always) var gaps: GapSets { GapSets(storage: storage) }
    @inline(__always) package var claims: ClaimTable {
        unsafe ClaimTable(masks: storage.claimMasks, slots: storage.slots)
    }
    @inline(__always) package var placeCache: PlaceCache { storage.placeCache }
    @inline(__always) package var history: AddressHistory { storage.history }
    @inline(__always) var frontierWord: StampedWordPointer { unsafe storage.frontier }
    @inline(__always) package var charge: CommitCharge {
        unsafe CommitCharge(pages: storage.charge, peak: storage.peakCharge)
    }

    /// The state stored for the run that contains `page`. O(1) to O(levels of the boundary tree).
    package func state(of page: UInt) -> PageState {
        guard let start = runs.previous(from: page), let table = directory.table(of: start) else {
            return .unowned
        }
        return table.state(at: start)
    }

    /// The state of the page before `page`.
    @inline(__always)
    func state(before page: UInt) -> PageState {
        if page & (PageTableLayout.blockPageCount &- 1) != 0, runs.contains(page),
            let table = directory.table(of: page)
        {
            return table.state(at: page &- 1)
        }
        return state(of: page &- 1)
    }

    /// The run that contains `page`.
    package func run(containing page: UInt) -> Run {
        let end = runs.next(from: page &+ 1)
        guard let start = runs.previous(from: page), let table = directory.table(of: start) else {
            return Run(range: PageRange(from: 0, to: max(end, 1)), state: .unowned)
        }
        return Run(
            range: PageRange(from: start, to: max(end, start &+ 1)), state: table.state(at: start))
    }

    /// The allocation that contains `page`; `nil` if the page is free.
    package func allocation(containing page: UInt) -> Allocation? {
        guard let base = allocations.previous(from: page),
            let table = directory.table(of: base), !table.state(at: base).isFree
        else { return nil }
        let end = max(allocations.next(from: page &+ 1), base &+ 1)
        return Allocation(
            range: PageRange(from: base, to: end), attributes: table.attributes(at: base))
    }

    /// The base and attributes of the allocation that contains all of `range`; `nil` if none does.
    ///
    /// Cheaper than `allocation(containing:)`, because where the allocation ends does not matter.
    package func origin(of range: PageRange) -> Region.Origin? {
        guard let base = allocations.previous(from: range.start),
            let table = directory.table(of: base), !table.state(at: base).isFree,
            allocations.next(from: range.start &+ 1, notBeyond: range.end) >= range.end
        else { return nil }
        return Region.Origin(base: base, attributes: table.attributes(at: base))
    }

    /// The extent that contains `page`: an allocation, a gap or an unowned stretch (I3). The state is that of its
    /// first page.
    @inline(never)
    package func extent(containing page: UInt) -> Run {
        let end = allocations.next(from: page &+ 1)
        guard let start = allocations.previous(from: page),
            let table = directory.table(of: start)
        else { return Run(range: PageRange(from: 0, to: max(end, 1)), state: .unowned) }
        return Run(
            range: PageRange(from: start, to: max(end, start &+ 1)), state: table.state(at: start))
    }

    /// A page whose table must be installed before boundaries can be set at both ends of `range`.
    @inline(__always)
    package func pageWithoutTable(for range: PageRange) -> UInt? {
        if directory.table(of: range.start) == nil { return range.start }
        if range.end < Page.endOfMap && directory.table(of: range.end) == nil { return range.end }
        return nil
    }
}
