// Free space by size. For each power of two, the set of available gaps of about that size, so that a
// place for a reservation is found in a few steps however many reservations there are.

/// Size classes of gaps, and where those of each class end. Their ends, because reservations are cut
/// off at the low end, so that the end of a large gap stays where it is.
///
/// A set has the first page of the granule that holds a gap's end: no two gaps end in one, since a
/// granule begins in each. So the lowest level needs no words of its own: a tag of four bits stands
/// beside the states of that granule, which change along with it and so are at hand.
@safe package struct GapSets {
    /// Class k: gaps of 2^k to 2^(k+1) - 1 granules, the last of which may be a part of one; the last
    /// class, from 128 MiB on, has no upper end.
    static let classCount: UInt = 12
    static let lastClass: UInt = classCount - 1
    /// A gap with this many pages is of the last class.
    package static let leastPagesOfLast: UInt = Page.perGranule << lastClass
    /// Gaps need not be measured further than this, in pages: they are of the last class.
    static let mostPagesMeasured: UInt = Page.perGranule << classCount
    /// Behind the sets of the classes stands that of the free ends (AddressMap+Free.swift).
    static let setCount: UInt = classCount + 1

    private let storage: AddressMapStorage

    @inline(__always)
    init(storage: AddressMapStorage) { self.storage = storage }

    @inline(__always)
    subscript(sizeClass: UInt) -> BoundarySet {
        BoundarySet(BoundarySet.firstOfGaps &+ sizeClass, in: storage)
    }

    /// The first class of which a gap may hold `pageCount` pages; those of later classes all do.
    @inline(__always)
    static func firstClass(holding pageCount: UInt) -> UInt {
        let granuleCount = max(1, (pageCount &+ Page.perGranule &- 1) / Page.perGranule)
        return min(classCount &- 1, UInt(63 &- granuleCount.leadingZeroBitCount))
    }

    /// The class of the gap `start ..< end`; `nil` if no granule begins in it and so it is of no use.
    @inline(__always)
    static func sizeClass(ofGapFrom start: UInt, to end: UInt) -> UInt? {
        let first = (start &+ Page.perGranule &- 1) / Page.perGranule
        let last = (end &+ Page.perGranule &- 1) / Page.perGranule
        if first >= last { return nil }
        return min(classCount &- 1, UInt(63 &- (last &- first).leadingZeroBitCount))
    }

    /// Drafts that the gap which ends at `end`, of one class (or none) until now, is of another. Its
    /// table exists.
    @inline(__always)
    func move(_ end: UInt, from old: UInt?, to new: UInt?, _ journal: inout Journal) {
        if old != new { change(end, from: old, to: new, &journal) }
    }

    @inline(never)
    private func change(_ end: UInt, from old: UInt?, to new: UInt?, _ journal: inout Journal) {
        guard let table = storage.directory.table(of: end) else { return }
        let neighbour = table.gapTag(at: end ^ Page.perGranule, after: &journal)
        table.setGapTag(new.map(GapSets.tag) ?? 0, at: end, &journal)
        // Insertion comes first: a set that is empty in between would be changed on every level.
        if let new, neighbour != GapSets.tag(new) { self[new].insertAbove(end, &journal) }
        if let old, neighbour != GapSets.tag(old) { self[old].removeAbove(end, &journal) }
    }

    /// What a granule has that the end of a gap of this class is in. One that has none has zero.
    @inline(__always)
    private static func tag(_ sizeClass: UInt) -> UInt32 {
        UInt32(truncatingIfNeeded: sizeClass) &+ 1
    }

    /// The bits of a set's lowest level: of the two granules around `page`.
    @inline(never)
    static func ends(ofClass sizeClass: UInt, around page: UInt, in table: PageTable) -> UInt32 {
        let tag = GapSets.tag(sizeClass)
        return (table.gapTag(at: page & ~31) == tag ? 1 : 0)
            | (table.gapTag(at: page | 16) == tag ? 1 &<< 16 : 0)
    }
}
