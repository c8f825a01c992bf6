// Memory of fixed size that is part of the library's image: zero at start, never allocated.

import CLinux

package enum FixedStorage {
    /// The storage of the address map.
    @inline(__always)
    package static var addressMap: UnsafeMutableRawPointer {
        unsafe UnsafeMutableRawPointer(win32memory_map_words()!)
    }

    /// The storage of the exception layer.
    @inline(__always)
    package static var exceptions: UnsafeMutableRawPointer {
        unsafe UnsafeMutableRawPointer(win32memory_exception_words()!)
    }

    /// The storage of the handle table: two words for each handle.
    @inline(__always)
    package static var handles: UnsafeMutableRawPointer {
        unsafe UnsafeMutableRawPointer(handle_words()!)
    }

    /// The number of handles for which there is room.
    package static var handleCapacity: Int {
        @inline(__always) get { Int(HANDLE_CAPACITY) }
    }

    /// One word: the changes that AdjustTokenPrivileges made.
    @inline(__always)
    package static var privileges: UnsafeMutableRawPointer {
        unsafe UnsafeMutableRawPointer(privilege_word()!)
    }

    /// Three words: what SetProcessWorkingSetSizeEx has set.
    @inline(__always)
    package static var workingSet: UnsafeMutableRawPointer {
        unsafe UnsafeMutableRawPointer(working_set_words()!)
    }

    /// Three words: the standard handles.
    @inline(__always)
    package static var standardHandles: UnsafeMutableRawPointer {
        unsafe UnsafeMutableRawPointer(standard_handle_words()!)
    }

    /// The storage of waits on addresses: 64 pairs of 32-bit words.
    @inline(__always)
    package static var addressWaits: UnsafeMutableRawPointer {
        unsafe UnsafeMutableRawPointer(address_wait_words()!)
    }

    /// The storage of Tls* and Fls*: one word, then a word for each index, those of Tls* first.
    @inline(__always)
    package static var threadValues: UnsafeMutableRawPointer {
        unsafe UnsafeMutableRawPointer(thread_storage_words()!)
    }
}
