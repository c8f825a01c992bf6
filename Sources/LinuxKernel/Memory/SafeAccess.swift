// Checks, loads and stores of memory that a caller names, which never fault. Another thread may unmap or
// protect the memory at any moment.

import CLinux

package enum SafeAccess {
    /// True if this thread can read `byteCount` bytes at `address`. Tests both ends of every page; zero bytes
    /// always pass.
    @inline(__always)
    package static func canRead(_ address: UInt, _ byteCount: Int) -> Bool {
        kernel_can_read(address, byteCount) != 0
    }

    /// True if this thread can write the bytes. Changes nothing.
    @inline(__always)
    package static func canWrite(_ address: UInt, _ byteCount: Int) -> Bool {
        kernel_can_write(address, byteCount) != 0
    }

    /// Copies `byteCount` bytes from `address`.
    ///
    /// - Returns: False if they cannot be read.
    @inline(__always)
    package static func load(
        _ value: UnsafeMutableRawPointer, from address: UInt, _ byteCount: Int
    ) -> Bool {
        unsafe kernel_load(value, address, byteCount) != 0
    }

    /// Copies `byteCount` bytes to `address`.
    ///
    /// - Returns: False if they cannot be written. Nothing was stored then, except if another thread
    ///   protected the second page between the stores to the first and the second.
    @inline(__always)
    package static func store(
        _ value: UnsafeRawPointer, at address: UInt, _ byteCount: Int
    ) -> Bool {
        unsafe kernel_store(address, value, byteCount) != 0
    }
}
