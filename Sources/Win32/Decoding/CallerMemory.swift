// Pointers that callers pass. They are checked before the call does anything, and not trusted afterwards
// either: the call itself, or another thread, may have made the page inaccessible to which a result is
// stored.

import AddressSpace
import LinuxKernel
import MemoryManager

enum CallerMemory {
    /// True if `byteCount` bytes at `pointer` are on the caller's stack, so that they can be written.
    @inline(__always)
    static func isOnOwnStack(_ pointer: UnsafeMutableRawPointer?, byteCount: Int) -> Bool {
        OwnStack.contains(UInt(bitPattern: pointer), byteCount)
    }

    /// - Throws: `.noAccess` unless `byteCount` bytes at `pointer` can be written (ERROR_NOACCESS).
    /// - Complexity: A few instructions for a pointer into the caller's stack; otherwise one system call.
    @inline(__always)
    static func requireWritable(
        _ pointer: UnsafeMutableRawPointer?, byteCount: Int
    ) throws(MemoryError) {
        if unsafe isOnOwnStack(pointer, byteCount: byteCount) { return }
        let address = UInt(bitPattern: pointer)
        if address < Page.lowestAddress { throw .noAccess }
        if !SafeAccess.canWrite(address, byteCount) {
            throw try whyInaccessible(address, byteCount)
        }
    }

    /// Stores a result for the caller. As on Windows the result is dropped if the target can no longer be
    /// written: the call has done its work, and has succeeded.
    ///
    /// - Complexity: A few instructions for a pointer into the caller's stack; otherwise two system calls.
    @inline(__always)
    static func leave<Value: BitwiseCopyable>(
        _ value: Value, at pointer: UnsafeMutablePointer<Value>?
    ) {
        let byteCount = MemoryLayout<Value>.size
        if unsafe isOnOwnStack(pointer, byteCount: byteCount), let pointer = unsafe pointer {
            unsafe pointer.pointee = value
        } else {
            var value = value
            // The call has succeeded, so the lost result is not reported.
            _ = unsafe SafeAccess.store(&value, at: UInt(bitPattern: pointer), byteCount)
        }
    }

    /// Same as `store`, for bytes.
    static func leave(_ bytes: UnsafeRawPointer, _ byteCount: Int, at address: UInt) {
        if OwnStack.contains(address, byteCount) {
            unsafe UnsafeMutableRawPointer(bitPattern: address)?.copyMemory(
                from: bytes, byteCount: byteCount)
        } else {
            _ = unsafe SafeAccess.store(bytes, at: address, byteCount)
        }
    }

    /// Stores the result of a call that has no other effect, without a check beforehand.
    ///
    /// - Throws: What `requireWritable` throws.
    @inline(__always)
    static func store<Value: BitwiseCopyable>(
        _ value: Value, at pointer: UnsafeMutablePointer<Value>?
    ) throws(MemoryError) {
        let byteCount = MemoryLayout<Value>.size
        if unsafe isOnOwnStack(pointer, byteCount: byteCount), let pointer = unsafe pointer {
            unsafe pointer.pointee = value
            return
        }
        var value = value
        if UInt(bitPattern: pointer) >= Page.lowestAddress,
            unsafe SafeAccess.store(&value, at: UInt(bitPattern: pointer), byteCount)
        {
            return
        }
        unsafe try requireWritable(pointer, byteCount: byteCount)
        throw .noAccess
    }

    /// Loads a value that the caller passes by reference.
    ///
    /// - Throws: `.noAccess` unless all of it can be read.
    @inline(__always)
    static func load<Value: BitwiseCopyable>(
        _ value: inout Value, at address: UInt
    ) throws(MemoryError) {
        let byteCount = MemoryLayout<Value>.size
        if address < Page.lowestAddress { throw .noAccess }
        if unsafe !SafeAccess.load(&value, from: address, byteCount) {
            throw try whyInaccessible(address, byteCount)
        }
    }

    /// Same as the function above, for a word.
    static func word(at pointer: UnsafeRawPointer?) throws(MemoryError) -> UInt {
        var word: UInt = 0
        let address = UInt(bitPattern: pointer)
        if let pointer = unsafe pointer, OwnStack.contains(address, 8) {
            return unsafe pointer.loadUnaligned(as: UInt.self)
        }
        try load(&word, at: address)
        return word
    }

    /// - Throws: `.noAccess` unless `byteCount` bytes at `pointer` can be read.
    @inline(never)
    static func requireReadable(
        _ pointer: UnsafeRawPointer?, byteCount: Int
    ) throws(MemoryError) {
        let address = UInt(bitPattern: pointer)
        if OwnStack.contains(address, byteCount) { return }
        if address < Page.lowestAddress { throw .noAccess }
        if !SafeAccess.canRead(address, byteCount) {
            throw try whyInaccessible(address, byteCount)
        }
    }

    /// A pointer that Windows uses without a check. A wrong pointer, NULL included, then causes an access
    /// violation at its own address, which the program can handle, and not a trap of Swift.
    @inline(__always)
    static func unchecked<Pointer>(_ pointer: Pointer?) -> Pointer {
        unsafe unsafeBitCast(pointer, to: Pointer.self)
    }

    /// The error for an inaccessible range. A call that meets an armed guard page fails once and disarms it
    /// (behaviour 8.30).
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
