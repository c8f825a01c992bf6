// Protections as the processor enforces them.

import AddressSpace
import CLinux

extension Protection {
    /// PROT_* bits. Every executable page is readable, as on x86-64 Windows (behaviour 8.12).
    @inline(__always) var kernelBits: Int32 {
        switch self {
        case .noAccess: KERNEL_PROT_NONE
        case .readOnly: KERNEL_PROT_READ
        case .readWrite, .writeCopy: KERNEL_PROT_READ | KERNEL_PROT_WRITE
        case .execute, .executeRead: KERNEL_PROT_READ | KERNEL_PROT_EXEC
        case .executeReadWrite, .executeWriteCopy:
            KERNEL_PROT_READ | KERNEL_PROT_WRITE | KERNEL_PROT_EXEC
        }
    }

    /// True if the processor enforces both in the same way.
    @inline(__always)
    package func isEnforcedLike(_ other: Protection) -> Bool { kernelBits == other.kernelBits }
}

package enum PageAccess {
    /// Makes the processor enforce `protection` on `range`.
    ///
    /// - Throws: `.outOfMemory` at the limit on mappings (vm.max_map_count), or, under strict
    ///   overcommit, at the kernel's commit limit.
    @inline(__always)
    package static func set(_ protection: Protection, on range: PageRange) throws(KernelError) {
        try KernelError.check(
            kernel_protect(range.base, Int(bitPattern: range.byteCount), protection.kernelBits))
    }
}
