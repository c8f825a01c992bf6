// Pointers that callers pass for results: checked before anything is done, never trusted.

import AddressSpace
import CLinux
import MemoryManager

enum CallerMemory {
    /// True if `byteCount` bytes at `pointer` are on the caller's stack, so that they can be written.
    @inline(__always)
    static func isOnOwnStack(_ pointer: UnsafeMutableRawPointer?, byteCount: Int) -> Bool {
        win32memory_is_on_own_stack(UInt(bitPattern: pointer), byteCount) != 0
    }

    /// - Throws: `.noAccess` unless `byteCount` bytes at `pointer` can be written (ERROR_NOACCESS).
    /// - Complexity: A few instructions for a pointer into the caller's stack, else one system call.
    @inline(__always)
    static func requireWritable(
        _ pointer: UnsafeMutableRawPointer?, byteCount: Int
    ) throws(MemoryError) {
        if unsafe isOnOwnStack(pointer, byteCount: byteCount) { return }
        let address = UInt(bitPattern: pointer)
        if address < Page.lowestAddress { throw .noAccess }
        if kernel_can_write(address, byteCount) == 0 {
            throw try whyInaccessible(address, byteCount)
        }
    }

    /// - Throws: `.noAccess` unless `byteCount` bytes at `pointer` can be read.
    @inline(never)
    static func requireReadable(
        _ pointer: UnsafeRawPointer?, byteCount: Int
    ) throws(MemoryError) {
        let address = UInt(bitPattern: pointer)
        if win32memory_is_on_own_stack(address, byteCount) != 0 { return }
        if address < Page.lowestAddress { throw .noAccess }
        if kernel_can_read(address, byteCount) == 0 {
            throw try whyInaccessible(address, byteCount)
        }
    }

    /// A pointer that Windows uses without looking at it: a wrong one, NULL included, faults at its
    /// own address, as an access violation that the program can handle, and never in a trap of ours.
    @inline(__always)
    static func unchecked<Pointer>(_ pointer: Pointer?) -> Pointer {
        unsafe unsafeBitCast(pointer, to: Pointer.self)
    }

    /// A service that meets an armed guard page fails once and disarms it (behaviour 8.30).
    private static func whyInaccessible(
        _ address: UInt, _ byteCount: Int
    ) throws(MemoryError) -> MemoryError {
        guard let pages = PageRange(spanning: address, byteCount: UInt(bitPattern: byteCount))
        else {
            return .noAccess
        }
        for page in pages.start..<pages.end
        where try MemoryManager.shared.disarmGuard(at: page) {
            return .guardPageHit
        }
        return .noAccess
    }
}
