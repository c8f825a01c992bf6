// The values of a thread for Tls* and Fls*: one block of values, and a call at the end of the thread.

import CLinux

package enum ThreadValues {
    /// The number of indices of Tls* and of Fls*.
    package static var tlsCount: Int { @inline(__always) get { Int(TLS_INDEX_COUNT) } }
    package static var flsCount: Int { @inline(__always) get { Int(FLS_INDEX_COUNT) } }

    /// The block of the calling thread: a word for each index, and two more; `nil` if it has none.
    @inline(__always)
    package static var own: UnsafeMutableRawPointer? {
        unsafe UnsafeMutableRawPointer(thread_values())
    }

    /// Zeroed memory for a block, which is never given back; `nil` if there is none.
    @inline(__always)
    package static func mapBlock() -> UnsafeMutableRawPointer? {
        unsafe map_zeroed(Int(THREAD_VALUES_BYTE_COUNT))
    }

    /// Makes `block` the calling thread's, and arranges for `win32memory_thread_ends` and
    /// `win32memory_thread_ended` to be called with it at the thread's end.
    ///
    /// - Returns: False, with nothing changed, if the thread has a block already.
    @inline(__always)
    package static func adopt(_ block: UnsafeMutableRawPointer) -> Bool {
        unsafe set_thread_values(block) != 0
    }

    /// Sets all values of a block to null pointers, and gives their memory back.
    @inline(__always)
    package static func clear(_ block: UnsafeMutableRawPointer) {
        unsafe clear_thread_values(block)
    }

    /// Calls the callback of a fiber-local value.
    @inline(__always)
    package static func call(_ callback: UInt64, with value: UnsafeMutableRawPointer) {
        unsafe win32memory_call_fiber_callback(callback, value)
    }
}
