// Free space by size. For each power of two, the set of available gaps of about that size, so that a
// place for a reservation is found in a few steps however many reservations there are.

/// Size classes of gaps, and where those of each class end. Their ends, because reservations are cut
/// off at the low end, so that the end of a large gap stays where it is.
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

    /// Drafts that the gap which ends at `end`, of one class (or none) until now, is of another.
    @inline(__always)
    func move(_ end: UInt, from old: UInt?, to new: UInt?, _ journal: inout Journal) {
        if old == new { return }
        // Insertion comes first: a set that is empty in between would be changed on every level.
        if let new { self[new].insert(end, &journal) }
        if let old { self[old].remove(end, &journal) }
    }
}
