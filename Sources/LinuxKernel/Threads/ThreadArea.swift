// What a thread that uses exceptions has: memory for its __try frames, and an alternate stack.

import CLinux

package enum ThreadArea {
    /// Makes the calling thread's area if it has none. Signal-safe; leaves errno alone. A thread that has
    /// an alternate stack of its own keeps it.
    @inline(__always)
    package static func prepare() { thread_area_prepare() }

    /// Makes sure that handlers have so many bytes of stack after an overflow; `byteCount` takes what was
    /// guaranteed before. Zero only asks.
    ///
    /// - Returns: False if that is too much.
    @inline(__always)
    package static func guarantee(_ byteCount: UnsafeMutablePointer<UInt32>) -> Bool {
        unsafe thread_area_guarantee(byteCount) != 0
    }
}
