// Pointers that callers pass for results: checked before anything is done, never trusted.

import AddressSpace
import CLinux

enum CallerMemory {
    /// - Throws: `.noAccess` unless `byteCount` bytes at `pointer` can be written (ERROR_NOACCESS).
    /// - Complexity: A few instructions for a pointer into the caller's stack, else one system call.
    @inline(__always)
    static func requireWritable(
        _ pointer: UnsafeMutableRawPointer?, byteCount: Int
    ) throws(MemoryError) {
        let address = UInt(bitPattern: pointer)
        if win32memory_is_on_own_stack(address, byteCount) != 0 { return }
        if address < Page.lowestAddress || kernel_can_write(address, byteCount) == 0 {
            throw .noAccess
        }
    }

    /// - Throws: `.noAccess` unless `byteCount` bytes at `pointer` can be read.
    @inline(never)
    static func requireReadable(
        _ pointer: UnsafeRawPointer?, byteCount: Int
    ) throws(MemoryError) {
        let address = UInt(bitPattern: pointer)
        if win32memory_is_on_own_stack(address, byteCount) != 0 { return }
        if address < Page.lowestAddress || kernel_can_read(address, byteCount) == 0 {
            throw .noAccess
        }
    }
}
