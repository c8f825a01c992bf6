// How many are at something just now.

import Synchronization

/// A count; and above it an era, so that after a fork nobody is counted out whom the child did not
/// count in.
@safe package struct EraCounter {
    private let word: StampedWordPointer

    @inline(__always)
    package init(word: StampedWordPointer) { unsafe self.word = unsafe word }

    @inline(__always) package var isZero: Bool {
        UInt32(truncatingIfNeeded: unsafe word.pointee.load(ordering: .sequentiallyConsistent)) == 0
    }

    /// One that is counted in.
    package struct Entry {
        fileprivate let era: UInt64
        /// How many there were with this one.
        package let rank: UInt32
    }

    /// Counts one in.
    package func enter() -> Entry {
        let count = unsafe word.pointee.wrappingAdd(1, ordering: .sequentiallyConsistent).newValue
        return Entry(era: count &>> 32, rank: UInt32(truncatingIfNeeded: count))
    }

    /// Counts one out, unless the counting has begun anew.
    package func leave(_ entry: Entry) {
        while true {
            let count = unsafe word.pointee.load(ordering: .sequentiallyConsistent)
            if count &>> 32 != entry.era { return }
            if unsafe word.exchange(expected: count, desired: count &- 1) { return }
        }
    }

    /// Counts from zero: the others stayed behind in the parent.
    package func beginAnew() {
        let era = unsafe word.pointee.load(ordering: .relaxed) &>> 32 &+ 1
        unsafe word.pointee.store(era &<< 32, ordering: .sequentiallyConsistent)
    }
}
