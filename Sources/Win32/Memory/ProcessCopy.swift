// What ReadProcessMemory and WriteProcessMemory, and their names in ntdll, have in common (behaviour 12.20 to
// 12.28).

import AddressSpace
import CWin32
import LinuxKernel
import MemoryManager

/// How a copy between processes ended.
struct ProcessCopyResult {
    let byteCount: UInt
    /// `nil` if all bytes were copied.
    let error: MemoryError?

    static func all(_ byteCount: UInt) -> ProcessCopyResult {
        ProcessCopyResult(byteCount: byteCount, error: nil)
    }

    /// The copy ended after `byteCount` bytes (ERROR_PARTIAL_COPY).
    static func partial(_ byteCount: UInt) -> ProcessCopyResult {
        ProcessCopyResult(byteCount: byteCount, error: .contentsLost)
    }
}

enum ProcessCopy {
    /// - Throws: `.noAccess` if the bytes do not all lie in user space.
    static func require(_ address: UInt, _ byteCount: UInt) throws(MemoryError) {
        let end = Page.address(of: Page.endOfMap)
        if address >= end || byteCount > end &- address { throw .noAccess }
    }

    /// Reads from a process. Nothing is copied if a byte cannot be read there (12.20).
    ///
    /// - Throws: `.accessDenied` if the process has ended, or the kernel does not allow the access any more.
    static func read(
        _ process: TargetProcess, at address: UInt, to buffer: UInt, _ byteCount: UInt
    ) throws(MemoryError) -> ProcessCopyResult {
        let count = Int(bitPattern: byteCount)
        do throws(KernelError) {
            if try !process.canRead(address, count) {
                if case .own = process { disarmGuard(in: address, byteCount) }
                return .partial(0)
            }
            let copied = UInt(bitPattern: try process.copy(from: address, to: buffer, count))
            if copied == byteCount { return .all(copied) }
            disarmGuard(in: buffer &+ copied, 1)
            return .partial(copied)
        } catch {
            throw .accessDenied
        }
    }

    /// Writes to a process, up to the first page that cannot be written (12.26).
    ///
    /// - Throws: What `read` throws.
    static func write(
        _ process: TargetProcess, at address: UInt, from buffer: UInt, _ byteCount: UInt
    ) throws(MemoryError) -> ProcessCopyResult {
        do throws(KernelError) {
            let copied = UInt(
                bitPattern: try process.copy(
                    to: address, from: buffer, Int(bitPattern: byteCount)))
            return copied == byteCount ? .all(copied) : .partial(copied)
        } catch {
            throw .accessDenied
        }
    }

    /// A call that meets an armed guard page fails once and disarms it (behaviour 8.30).
    ///
    /// - Returns: Whether there was one.
    @discardableResult
    static func disarmGuard(in address: UInt, _ byteCount: UInt) -> Bool {
        let memory = MemoryManager.shared
        guard let range = PageRange(spanning: address, byteCount: byteCount),
            let page = memory.firstArmedGuard(in: range)
        else { return false }
        // The copy has ended anyway. If the guard cannot be disarmed, the next one ends there too.
        do throws(MemoryError) { return try memory.disarmGuard(at: page) } catch { return false }
    }
}
