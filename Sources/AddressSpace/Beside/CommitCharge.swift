// Pages promised, and how many may be. Charged when pages are committed, not when they are touched
// (behaviour 2.9).

import Synchronization

/// The number of committed pages, and of those that a running operation is about to commit.
@safe package struct CommitCharge {
    private let pages: StampedWordPointer
    private let peak: StampedWordPointer

    @inline(__always)
    init(pages: StampedWordPointer, peak: StampedWordPointer) {
        unsafe self.pages = unsafe pages
        unsafe self.peak = unsafe peak
    }

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

    /// Returns `count` pages that were committed.
    @inline(__always)
    package func remove(_ count: UInt) {
        if count == 0 { return }
        // The charge falls only here, so the peak needs to be noted only here.
        if pageCount > notedPeak { notePeak() }
        refund(count)
    }

    /// Returns `count` pages that were charged and could not be committed.
    @inline(__always)
    package func refund(_ count: UInt) { unsafe pages.subtract(UInt64(count)) }

    @inline(__always) private var notedPeak: UInt {
        UInt(truncatingIfNeeded: unsafe peak.pointee.load(ordering: .relaxed))
    }

    @inline(never)
    private func notePeak() {
        while true {
            let (noted, present) = (notedPeak, pageCount)
            if present <= noted { return }
            if unsafe peak.exchange(expected: UInt64(noted), desired: UInt64(present)) { return }
        }
    }

    /// The most pages that were ever charged.
    package var peakPageCount: UInt { max(notedPeak, pageCount) }

    /// Called in the child of a fork, which has a peak of its own.
    package func forgetPeak() { unsafe peak.pointee.store(0, ordering: .relaxed) }
}
