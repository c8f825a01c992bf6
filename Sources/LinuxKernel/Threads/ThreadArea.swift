// What a thread that uses exceptions has: memory for its __try frames, and an alternate stack.

import CLinux

package enum ThreadArea {
    /// Makes the calling thread's area if it has none. Signal-safe; leaves errno alone. A thread that has
    /// an alternate stack of its own keeps it.
    @inline(__always)
    package static func prepare() { thread_area_prepare() }
}
