// The area of a thread that uses exceptions: memory for its __try frames, and an alternate signal stack.

import CLinux

package enum ThreadArea {
    /// Makes the calling thread's area if it has none. Signal-safe; leaves errno alone. A thread that has
    /// an alternate stack of its own keeps it.
    @inline(__always)
    package static func prepare() { thread_area_prepare() }

    /// Guarantees that handlers have `byteCount` bytes of stack after an overflow. `byteCount` receives the
    /// previous guarantee. Zero only asks for it.
    ///
    /// - Returns: False if that is too much.
    @inline(__always)
    package static func guarantee(_ byteCount: UnsafeMutablePointer<UInt32>) -> Bool {
        unsafe thread_area_guarantee(byteCount) != 0
    }
}
