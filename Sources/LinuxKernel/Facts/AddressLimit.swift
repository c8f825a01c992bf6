// The limit on the address space of the process (RLIMIT_AS). Inaccessible mappings count too.

import CLinux

package enum AddressLimit {
    /// Bytes of address space that are mapped in this process; zero if the kernel does not say.
    @inline(__always)
    package static var mappedByteCount: UInt64 { process_mapped_byte_count() }

    /// Bytes of address space that the process may still map; `UInt.max` without a limit.
    package static func byteCountLeft() -> UInt {
        let limit = process_address_limit()
        if limit == UInt64.max { return UInt.max }
        let mapped = mappedByteCount
        return UInt(limit > mapped ? limit &- mapped : 0)
    }

    /// True if there is a limit, and less than half of it is left. Two system calls; one if there is no
    /// limit.
    package static var isNear: Bool {
        let limit = process_address_limit()
        return limit != UInt64.max && UInt64(byteCountLeft()) < limit / 2
    }
}
