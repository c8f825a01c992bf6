// Sizes and limits of the Win32 address space, and the only place that converts between addresses
// and page numbers. Everything below counts in pages; bytes exist only at the edges.

/// Page size, allocation granularity and the ends of what VirtualAlloc may hand out.
///
/// Source: behaviour 1.1, 2.1 to 2.3.
package enum Page {
    package static let shift: UInt = 12
    package static let byteCount: UInt = 4096

    /// Bases of reservations are multiples of this; lengths are not.
    package static let allocationGranularity: UInt = 65536
    /// Pages in one allocation granule.
    package static let perGranule: UInt = 16

    /// First address that VirtualAlloc may return.
    package static let lowestAddress: UInt = 0x10000
    /// 4 GiB. Allocations without address limits avoid the space below; it is left for those that need 32-bit
    /// addresses.
    package static let endOfLowAddresses: UInt = 1 << 32
    /// One past the last address that an application may use (behaviour 2.1).
    package static let endOfApplicationSpace: UInt = 0x7FFF_FFFF_0000
    /// Reservations end here: the 64 KiB above are the no-access partition (behaviour 6.12).
    package static let endOfReservableSpace: UInt = 0x7FFF_FFFE_0000
    /// One past the last page number that the address map can describe: 47 bits of address.
    package static let endOfMap: UInt = 1 << 35

    /// The page that contains `address`.
    @inline(__always)
    package static func index(of address: UInt) -> UInt { address &>> shift }

    /// The first address of page `index`.
    @inline(__always)
    package static func address(of index: UInt) -> UInt { index &<< shift }

    /// `address` moved down to a multiple of the allocation granularity.
    @inline(__always)
    package static func roundedDownToGranularity(_ address: UInt) -> UInt {
        address & ~(allocationGranularity &- 1)
    }
}
