// Counts the threads that are inside a section of code.

import Synchronization

/// A word with the count and, above it, an era. The child of a fork begins a new era: a `leave` that belongs
/// to an `enter` before the fork then changes nothing.
@safe package struct EraCounter {
    private let word: StampedWordPointer

    @inline(__always)
    package init(word: StampedWordPointer) { unsafe self.word = unsafe word }

    @inline(__always) package var isZero: Bool {
        UInt32(truncatingIfNeeded: unsafe word.pointee.load(ordering: .sequentiallyConsistent)) == 0
    }

    /// A thread that is counted.
    package struct Entry {
        fileprivate let era: UInt64
    }

    /// Counts a thread.
    package func enter() -> Entry {
        let count = unsafe word.pointee.wrappingAdd(1, ordering: .sequentiallyConsistent).newValue
        return Entry(era: count &>> 32)
    }

    /// Ends the counting of a thread, unless a new era has begun.
    package func leave(_ entry: Entry) {
        while true {
            let count = unsafe word.pointee.load(ordering: .sequentiallyConsistent)
            if count &>> 32 != entry.era { return }
            if unsafe word.exchange(expected: count, desired: count &- 1) { return }
        }
    }

    /// Begins a new era with a count of zero: in the child of a fork no other thread exists.
    package func beginAnew() {
        let era = unsafe word.pointee.load(ordering: .relaxed) &>> 32 &+ 1
        unsafe word.pointee.store(era &<< 32, ordering: .sequentiallyConsistent)
    }
}
