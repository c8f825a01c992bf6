// Pages promised, and how many may be. Charged when pages are committed, not when they are touched
// (behaviour 2.9).

import Synchronization

/// The number of committed pages, and of those that a running operation is about to commit.
@safe package struct CommitCharge {
    private let pages: StampedWordPointer

    @inline(__always)
    init(pages: StampedWordPointer) { unsafe self.pages = unsafe pages }

    /// Pages charged now.
    @inline(__always) package var pageCount: UInt {
        UInt(truncatingIfNeeded: unsafe pages.pointee.load(ordering: .relaxed))
    }

    /// Charges `count` pages against `limit`, both in pages.
    ///
    /// - Throws: `.commitLimitReached`; nothing is charged.
    @inline(__always)
    package func add(_ count: UInt, limit: UInt) throws(MemoryError) {
        if count == 0 { return }
        var present = pageCount
        while true {
            if count > limit || present > limit &- count { throw .commitLimitReached }
            let sum = UInt64(present &+ count)
            if unsafe pages.exchange(expected: UInt64(present), desired: sum) { return }
            present = pageCount
        }
    }

    /// Returns `count` pages that were charged.
    @inline(__always)
    package func remove(_ count: UInt) {
        if count == 0 { return }
        unsafe pages.subtract(UInt64(count))
    }
}
