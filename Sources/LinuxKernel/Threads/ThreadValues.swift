// The block of a thread: its TEB and its values for Tls* and Fls*. Also a call at the end of the thread.

import CLinux

package enum ThreadValues {
    /// The number of indices of Tls* and of Fls*.
    package static var tlsCount: Int { @inline(__always) get { Int(TLS_INDEX_COUNT) } }
    package static var flsCount: Int { @inline(__always) get { Int(FLS_INDEX_COUNT) } }

    /// The block of the calling thread while its values are in use; `nil` if it has none.
    @inline(__always)
    package static var own: UnsafeMutableRawPointer? {
        unsafe UnsafeMutableRawPointer(thread_values())
    }

    /// The block of the calling thread, also after the use of its values has ended. It is the thread's own
    /// until the kernel has ended the thread.
    @inline(__always)
    package static var kept: UnsafeMutableRawPointer? { unsafe thread_block() }

    /// The word of a slot in a block: values of the first Tls* indices are in the TEB.
    @inline(__always)
    package static func word(of slot: Int) -> Int {
        slot < Int(TLS_DIRECT_COUNT)
            ? Int(THREAD_BLOCK_DIRECT_WORD) &+ slot
            : Int(THREAD_BLOCK_EXPANSION_WORD) &- Int(TLS_DIRECT_COUNT) &+ slot
    }
    package static var nextWord: Int { @inline(__always) get { Int(THREAD_BLOCK_NEXT_WORD) } }
    package static var ownerWord: Int { @inline(__always) get { Int(THREAD_BLOCK_OWNER_WORD) } }

    /// Zeroed memory for a block, which is never given back; `nil` if there is none.
    @inline(__always)
    package static func mapBlock() -> UnsafeMutableRawPointer? {
        unsafe map_zeroed(Int(THREAD_BLOCK_BYTE_COUNT))
    }

    /// Makes `block` the calling thread's, and arranges for `win32memory_thread_ends` and
    /// `win32memory_thread_ended` to be called with it at the thread's end.
    ///
    /// - Returns: False, with nothing changed, if the thread has another block already.
    @inline(__always)
    package static func adopt(_ block: UnsafeMutableRawPointer) -> Bool {
        unsafe set_thread_values(block) != 0
    }

    /// Sets all values of a block to null pointers, and gives their memory back.
    @inline(__always)
    package static func clear(_ block: UnsafeMutableRawPointer) {
        unsafe clear_thread_values(block)
    }

    /// Makes a block that no thread has as one that was just mapped.
    @inline(__always)
    package static func renew(_ block: UnsafeMutableRawPointer) {
        unsafe clear_thread_values(block)
        unsafe clear_thread_block(block)
    }

    /// Fills in the TEB of the calling thread, if that is not done yet.
    @inline(__always)
    package static func fillIfNew(_ block: UnsafeMutableRawPointer) {
        if unsafe thread_block_is_filled(block) == 0 { unsafe fill_thread_block(block) }
    }

    /// Fills in the TEB again in the child of a fork, whose thread has a new identifier.
    @inline(__always)
    package static func fillAgain(_ block: UnsafeMutableRawPointer) {
        if unsafe thread_block_is_filled(block) != 0 { unsafe fill_thread_block(block) }
    }

    /// Whether a thread of this process has the kernel's identifier.
    @inline(__always)
    package static func threadExists(_ identifier: UInt32) -> Bool {
        thread_exists(identifier) != 0
    }

    /// Calls the callback of a fiber-local value.
    @inline(__always)
    package static func call(_ callback: UInt64, with value: UnsafeMutableRawPointer) {
        unsafe win32memory_call_fiber_callback(callback, value)
    }
}
