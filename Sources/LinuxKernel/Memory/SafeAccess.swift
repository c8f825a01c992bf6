// Memory that somebody names: whether it can be used, and loads and stores that never fault. It may be
// unmapped or protected at any moment, also by another thread.

import CLinux

package enum SafeAccess {
    /// True if this thread can read `byteCount` bytes at `address`. No fault is raised. Both ends of every
    /// page are looked at; zero bytes always pass.
    @inline(__always)
    package static func canRead(_ address: UInt, _ byteCount: Int) -> Bool {
        kernel_can_read(address, byteCount) != 0
    }

    /// The same for writing. Nothing changes.
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
    /// - Returns: False if they cannot be written: then nothing was stored, unless that came about between
    ///   the first page and the second.
    @inline(__always)
    package static func store(
        _ value: UnsafeRawPointer, at address: UInt, _ byteCount: Int
    ) -> Bool {
        unsafe kernel_store(address, value, byteCount) != 0
    }
}
