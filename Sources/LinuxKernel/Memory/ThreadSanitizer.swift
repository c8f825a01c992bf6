// What a thread sanitizer is told, if there is one in the process: it cannot see how this library hands
// memory from one thread to another.

import CLinux

package enum ThreadSanitizer {
    /// To be called before memory is given back.
    @inline(__always)
    package static func givesBackMemory() { thread_sanitizer_gives_back() }

    /// To be called after memory was got.
    @inline(__always)
    package static func getsMemory() { thread_sanitizer_gets() }
}
