// Sleeping until another thread changes a word of memory (futex(2)).

import CLinux

package enum Futex {
    /// Sleeps while `word` holds `expected`, until woken. May return spuriously.
    @inline(__always)
    package static func wait(_ word: UnsafeMutablePointer<UInt32>, while expected: UInt32) {
        unsafe kernel_futex_wait(word, expected)
    }

    /// Same as `wait(_:while:)`, at most until `KernelClock.monotonic` reaches `deadline`; `Int64.max` is
    /// never.
    ///
    /// - Returns: False if the deadline has passed.
    @inline(__always)
    package static func wait(
        _ word: UnsafeMutablePointer<UInt32>, while expected: UInt32, until deadline: Int64
    ) -> Bool {
        unsafe kernel_futex_wait_until(word, expected, deadline) != 0
    }

    @inline(__always)
    package static func wakeOne(_ word: UnsafeMutablePointer<UInt32>) {
        unsafe kernel_futex_wake_one(word)
    }

    @inline(__always)
    package static func wakeAll(_ word: UnsafeMutablePointer<UInt32>) {
        unsafe kernel_futex_wake_all(word)
    }
}
