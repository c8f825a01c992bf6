// Memory of fixed size that is part of the library's image: zero at start, never allocated.

import CLinux

package enum FixedStorage {
    /// Of the address map.
    @inline(__always)
    package static var addressMap: UnsafeMutableRawPointer {
        unsafe UnsafeMutableRawPointer(win32memory_map_words()!)
    }

    /// Of the exception layer.
    @inline(__always)
    package static var exceptions: UnsafeMutableRawPointer {
        unsafe UnsafeMutableRawPointer(win32memory_exception_words()!)
    }
}
