// How many are at something just now.

import Synchronization

/// A count; and above it an era, so that after a fork nobody is counted out whom the child did not
/// count in.
@safe package struct Headcount {
    private let word: StampedWordPointer

    @inline(__always)
    package init(word: StampedWordPointer) { unsafe self.word = unsafe word }

    @inline(__always) package var isZero: Bool {
        UInt32(truncatingIfNeeded: unsafe word.pointee.load(ordering: .sequentiallyConsistent)) == 0
    }

    /// Counts one in.
    ///
    /// - Returns: The era, for `leave`.
    package func enter() -> UInt64 {
        unsafe word.pointee.wrappingAdd(1, ordering: .sequentiallyConsistent).newValue &>> 32
    }

    /// Counts one out, unless the counting has begun anew.
    package func leave(_ era: UInt64) {
        while true {
            let count = unsafe word.pointee.load(ordering: .sequentiallyConsistent)
            if count &>> 32 != era { return }
            if unsafe word.exchange(expected: count, desired: count &- 1) { return }
        }
    }

    /// Counts from zero: the others stayed behind in the parent.
    package func beginAnew() {
        let era = unsafe word.pointee.load(ordering: .relaxed) &>> 32 &+ 1
        unsafe word.pointee.store(era &<< 32, ordering: .sequentiallyConsistent)
    }
}
