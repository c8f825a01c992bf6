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

    /// Of the handle table: two words for each handle.
    @inline(__always)
    package static var handles: UnsafeMutableRawPointer {
        unsafe UnsafeMutableRawPointer(handle_words()!)
    }

    /// How many handles there is room for.
    package static var handleCapacity: Int {
        @inline(__always) get { Int(HANDLE_CAPACITY) }
    }

    /// One word: what AdjustTokenPrivileges has done.
    @inline(__always)
    package static var privileges: UnsafeMutableRawPointer {
        unsafe UnsafeMutableRawPointer(privilege_word()!)
    }

    /// Of waits on addresses: 64 pairs of 32-bit words.
    @inline(__always)
    package static var addressWaits: UnsafeMutableRawPointer {
        unsafe UnsafeMutableRawPointer(address_wait_words()!)
    }

    /// Of Tls* and Fls*: a word, then one for each index, the Tls* first.
    @inline(__always)
    package static var threadValues: UnsafeMutableRawPointer {
        unsafe UnsafeMutableRawPointer(thread_storage_words()!)
    }
}
