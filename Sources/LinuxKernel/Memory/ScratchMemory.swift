// Memory for a moment, where the stack has no room.

import CLinux

package enum ScratchMemory {
    /// - Returns: Zeroed memory; `nil` if there is none.
    @inline(__always)
    package static func map(byteCount: Int) -> UnsafeMutableRawPointer? {
        unsafe map_zeroed(byteCount)
    }

    /// Undoes `map`.
    @inline(__always)
    package static func unmap(_ memory: UnsafeMutableRawPointer, byteCount: Int) {
        // What was mapped whole can be unmapped whole.
        _ = kernel_unmap(UInt(bitPattern: memory), byteCount)
    }
}
