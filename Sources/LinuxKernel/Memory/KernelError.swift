// The kernel's refusals. They become MemoryErrors in MemoryManager, never here.

import CLinux

/// The refusal of a system call; `code` is an errno value.
package struct KernelError: Error {
    package let code: Int32

    package static let outOfMemory = KernelError(code: ENOMEM)
    package static let invalid = KernelError(code: EINVAL)
    package static let exists = KernelError(code: EEXIST)
    package static let notFound = KernelError(code: ENOENT)
    package static let noProcess = KernelError(code: ESRCH)
    package static let badDescriptor = KernelError(code: EBADF)
    package static let badAddress = KernelError(code: EFAULT)
    package static let brokenPipe = KernelError(code: EPIPE)
    package static let noSpace = KernelError(code: ENOSPC)

    /// True if the kernel grants this process no more mappings, addresses or page tables. madvise then
    /// returns EAGAIN.
    package var isForWantOfRoom: Bool { code == ENOMEM || code == EAGAIN }

    @inline(__always)
    static func check(_ result: Int32) throws(KernelError) {
        if result < 0 { throw KernelError(code: 0 &- result) }
    }

    @inline(__always)
    static func checkAddress(_ result: Int) throws(KernelError) -> UInt {
        // Addresses of user space are positive; errors are small negative numbers.
        if result < 0 { throw KernelError(code: Int32(truncatingIfNeeded: 0 &- result)) }
        return UInt(bitPattern: result)
    }
}

extension KernelError: Equatable {
    package static func == (left: KernelError, right: KernelError) -> Bool {
        left.code == right.code
    }
}
