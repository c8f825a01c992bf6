// Temporary memory that is too large for the stack.

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
        // Unmapping a whole mapping cannot be refused.
        _ = kernel_unmap(UInt(bitPattern: memory), byteCount)
    }
}
