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
}
