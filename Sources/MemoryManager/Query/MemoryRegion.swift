// The answer of a query about memory of ours, free space or foreign memory.

import AddressSpace

/// The states of a region that VirtualQuery knows.
package enum RegionState: Equatable {
    case free
    case reserved
    case committed(PageProtection)
}

package enum RegionType {
    case `private`
    case mapped
    case image
}

/// The pages alike in every attribute, from the queried page on (behaviour 6.4, 6.5).
package struct MemoryRegion {
    /// Address of the queried page.
    package let base: UInt
    package let byteCount: UInt
    package let state: RegionState
    package let type: RegionType
    /// Zero for free pages.
    package let allocationBase: UInt
    /// Meaningless for free pages.
    package let initialProtection: PageProtection
}
