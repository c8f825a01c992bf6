// Informs the thread sanitizer, if the process has one: it cannot see how this library passes memory from one
// thread to another.

import CLinux

package enum ThreadSanitizer {
    /// Call before memory is given back.
    @inline(__always)
    package static func givesBackMemory() { thread_sanitizer_gives_back() }

    /// Call after memory was obtained.
    @inline(__always)
    package static func getsMemory() { thread_sanitizer_gets() }
}
