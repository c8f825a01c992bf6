// Pages promised, and how many may be. Charged when pages are committed, not when they are touched
// (behaviour 2.9).

import Synchronization

/// The number of committed pages, as one word of the tables.
@safe package struct CommitCharge {
    private let pages: StampedWordPointer

    @inline(__always)
    init(pages: StampedWordPointer) { unsafe self.pages = unsafe pages }

    /// Committed pages now.
    @inline(__always) package var pageCount: UInt { UInt(unsafe payload(of: pages)) }

    /// Drafts a charge of `count` pages against `limit`, both in pages.
    ///
    /// - Throws: `.commitLimitReached`; nothing is drafted.
    @inline(__always)
    package func add(_ count: UInt, limit: UInt, _ journal: inout Journal) throws(MemoryError) {
        if count == 0 { return }
        let limit = min(limit, UInt(UInt32.max))
        if count > limit || pageCount > limit &- count { throw .commitLimitReached }
        unsafe journal.store(journal.load(pages) &+ UInt32(truncatingIfNeeded: count), in: pages)
    }

    /// Drafts the return of `count` pages.
    @inline(__always)
    package func remove(_ count: UInt, _ journal: inout Journal) {
        if count == 0 { return }
        unsafe journal.store(journal.load(pages) &- UInt32(truncatingIfNeeded: count), in: pages)
    }
}
