// Gaps by size: one set for each power of two. So a place for a reservation is found in a few steps, however
// many reservations there are.

/// The size classes of gaps. Each has a set of the ends of its gaps: reservations are cut off at the low end
/// of a gap, so its end stays where it is.
///
/// A set holds the first page of the granule in which the gap ends. No two gaps in these sets end in the same
/// granule, because a granule begins in each of them. So level 0 needs no words of its own: the granule has a
/// tag of four bits, in the words of its page states, which change together with it.
@safe package struct GapSets {
    /// Class k: gaps of 2^k to 2^(k+1) - 1 granules, of which the last may be incomplete. The last class
    /// begins at 128 MiB and has no upper limit.
    static let classCount: UInt = 12
    static let lastClass: UInt = classCount - 1
    /// A gap with this many pages is of the last class.
    package static let leastPagesOfLast: UInt = Page.perGranule << lastClass
    /// Gaps are measured no further than this, in pages: longer ones are of the last class anyhow.
    static let mostPagesMeasured: UInt = Page.perGranule << classCount
    /// The set of the unowned ends follows the sets of the classes (AddressMap+UnownedSpace.swift).
    static let setCount: UInt = classCount + 1

    private let storage: AddressMapStorage

    @inline(__always)
    init(storage: AddressMapStorage) { self.storage = storage }

    @inline(__always)
    subscript(sizeClass: UInt) -> BoundarySet {
        BoundarySet(BoundarySet.firstOfGaps &+ sizeClass, in: storage)
    }

    /// The lowest class in which a gap may have room for `pageCount` pages; in higher classes every gap has.
    @inline(__always)
    static func firstClass(holding pageCount: UInt) -> UInt {
        let granuleCount = max(1, (pageCount &+ Page.perGranule &- 1) / Page.perGranule)
        return min(classCount &- 1, UInt(63 &- granuleCount.leadingZeroBitCount))
    }

    /// The class of the gap `start ..< end`; `nil` if no granule begins in it, so that no reservation can.
    @inline(__always)
    static func sizeClass(ofGapFrom start: UInt, to end: UInt) -> UInt? {
        let first = (start &+ Page.perGranule &- 1) / Page.perGranule
        let last = (end &+ Page.perGranule &- 1) / Page.perGranule
        if first >= last { return nil }
        return min(classCount &- 1, UInt(63 &- (last &- first).leadingZeroBitCount))
    }

    /// Drafts that the gap which ends at `end` moves from one class to another; `nil` is no class. The table
    /// of `end` exists.
    @inline(__always)
    func move(_ end: UInt, from old: UInt?, to new: UInt?, _ journal: inout Journal) {
        if old != new { change(end, from: old, to: new, &journal) }
    }

    @inline(never)
    private func change(_ end: UInt, from old: UInt?, to new: UInt?, _ journal: inout Journal) {
        guard let table = storage.directory.table(of: end) else { return }
        let neighbour = table.gapTag(at: end ^ Page.perGranule, after: &journal)
        table.setGapTag(new.map(GapSets.tag) ?? 0, at: end, &journal)
        // Insertion comes first: if the set became empty in between, every level would change.
        if let new, neighbour != GapSets.tag(new) { self[new].insertAbove(end, &journal) }
        if let old, neighbour != GapSets.tag(old) { self[old].removeAbove(end, &journal) }
    }

    /// The tag of a granule in which a gap of this class ends. The tag of other granules is zero.
    @inline(__always)
    private static func tag(_ sizeClass: UInt) -> UInt32 {
        UInt32(truncatingIfNeeded: sizeClass) &+ 1
    }

    /// The word of level 0 that a set of gaps would have for the two granules around `page`.
    @inline(never)
    static func ends(ofClass sizeClass: UInt, around page: UInt, in table: PageTable) -> UInt32 {
        let tag = GapSets.tag(sizeClass)
        return (table.gapTag(at: page & ~31) == tag ? 1 : 0)
            | (table.gapTag(at: page | 16) == tag ? 1 &<< 16 : 0)
    }
}
