// The words of the shared storage, and the atomic operations that change them.

import Synchronization

#if hasFeature(Embedded) && arch(x86_64)
    import CWords
#endif

/// A word of the shared tables: 32 bits of payload in the lower half, and the number of the transaction that
/// wrote them in the upper half. The stamp makes every value of a word unique, so a compare-and-swap that
/// comes too late cannot succeed.
package typealias StampedWord = Atomic<UInt64>
package typealias StampedWordPointer = UnsafeMutablePointer<StampedWord>

@inline(__always)
package func payload(of word: StampedWordPointer) -> UInt32 {
    UInt32(truncatingIfNeeded: unsafe word.pointee.load(ordering: .relaxed))
}

// Each operation is also a full barrier. The release library does without the bus lock while the process has
// one thread (CWords). Debug builds, which the thread sanitizer checks, use Swift's own operations.
#if hasFeature(Embedded) && arch(x86_64)
    extension UnsafeMutablePointer where Pointee == StampedWord {
        /// Puts `desired` in the place of `expected`.
        ///
        /// - Returns: False if the word held something else, and holds it still.
        @inline(__always)
        package func exchange(expected: UInt64, desired: UInt64) -> Bool {
            unsafe word_exchange(self, expected, desired)
        }

        @inline(__always)
        package func set(bits mask: UInt64) { unsafe word_set(self, mask) }

        @inline(__always)
        package func clear(bits mask: UInt64) { unsafe word_clear(self, mask) }

        @inline(__always)
        package func subtract(_ count: UInt64) { unsafe word_subtract(self, count) }
    }
#else
    extension UnsafeMutablePointer where Pointee == StampedWord {
        /// Puts `desired` in the place of `expected`.
        ///
        /// - Returns: False if the word held something else, and holds it still.
        @inline(__always)
        package func exchange(expected: UInt64, desired: UInt64) -> Bool {
            unsafe pointee.compareExchange(
                expected: expected, desired: desired, ordering: .sequentiallyConsistent
            ).exchanged
        }

        @inline(__always)
        package func set(bits mask: UInt64) {
            unsafe _ = pointee.bitwiseOr(mask, ordering: .sequentiallyConsistent)
        }

        @inline(__always)
        package func clear(bits mask: UInt64) {
            unsafe _ = pointee.bitwiseAnd(~mask, ordering: .sequentiallyConsistent)
        }

        @inline(__always)
        package func subtract(_ count: UInt64) {
            unsafe _ = pointee.subtract(count, ordering: .sequentiallyConsistent)
        }
    }
#endif
