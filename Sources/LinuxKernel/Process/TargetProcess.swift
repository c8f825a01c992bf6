// The process whose memory a call names: this one or another. Copies never fault.

import AddressSpace
import CLinux

package enum TargetProcess {
    case own
    case other(OtherProcess)

    private var identifier: UInt32 {
        switch self {
        case .own: UInt32(KERNEL_OWN_PROCESS)
        case .other(let process): process.identifier
        }
    }

    /// Whether all of the bytes can be read.
    ///
    /// - Throws: EPERM if the kernel does not allow the access; ESRCH if the process has ended.
    package func canRead(_ address: UInt, _ byteCount: Int) throws(KernelError) -> Bool {
        if case .own = self { return SafeAccess.canRead(address, byteCount) }
        let result = kernel_can_read_process(identifier, address, byteCount)
        try KernelError.check(result)
        return result != 0
    }

    /// Copies from the memory of the process to this one, up to the first byte that cannot be accessed.
    ///
    /// - Returns: The bytes copied.
    /// - Throws: The same errors.
    package func copy(
        from address: UInt, to buffer: UInt, _ byteCount: Int
    ) throws(KernelError) -> Int {
        try count(kernel_copy_from_process(identifier, buffer, address, byteCount))
    }

    /// Copies from this process to the memory of the process, up to the first byte that cannot be accessed.
    ///
    /// - Returns: The bytes copied.
    /// - Throws: The same errors.
    package func copy(
        to address: UInt, from buffer: UInt, _ byteCount: Int
    ) throws(KernelError) -> Int {
        try count(kernel_copy_to_process(identifier, buffer, address, byteCount))
    }

    /// Asks the kernel to bring pages into RAM before they are used. Not all of them need be mapped.
    package func prefetch(_ range: PageRange) {
        kernel_prefetch(identifier, range.base, Int(bitPattern: range.byteCount))
    }

    private func count(_ result: Int) throws(KernelError) -> Int {
        if result == 0 &- Int(EFAULT) { return 0 }
        return Int(bitPattern: try KernelError.checkAddress(result))
    }
}

/// Another process. The time of its start tells it from a later process that gets the same identifier.
package struct OtherProcess {
    package let identifier: UInt32
    package let start: UInt32

    package init(identifier: UInt32, start: UInt32) {
        self.identifier = identifier
        self.start = start
    }

    /// The running process with this identifier.
    package static func running(_ identifier: UInt32) -> OtherProcess {
        OtherProcess(identifier: identifier, start: kernel_process_start(identifier))
    }

    /// Throws ESRCH if `identifier` names no process; EPERM if it belongs to another user.
    package static func find(_ identifier: UInt32) throws(KernelError) {
        try KernelError.check(kernel_find_process(identifier))
    }

    /// False if the process has ended and another one has its identifier.
    package var isStillItself: Bool {
        start == 0 || kernel_process_start(identifier) == start
    }

    /// Throws EPERM if the kernel does not let this process read and write the memory of that one.
    package func requireAccess() throws(KernelError) {
        // The kernel checks the right before the address.
        _ = try TargetProcess.other(self).canRead(0, 1)
    }

    /// Writes to pages that can be executed but not written.
    ///
    /// - Returns: The bytes written.
    /// - Throws: EIO or EPERM if the kernel does not allow it.
    package func patch(at address: UInt, from buffer: UInt, _ byteCount: Int) throws(KernelError)
        -> Int
    {
        Int(
            bitPattern: try KernelError.checkAddress(
                kernel_patch_process(identifier, buffer, address, byteCount)))
    }
}
