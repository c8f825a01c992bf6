// The fixed sizes and ends of the address space.

import AddressSpace
import Testing

@Suite("Pages")
struct PageTests {
    // Source: behaviour 1.1, 2.1, 2.2, 6.12.
    @Test("the sizes and ends are those of 64-bit Windows")
    func constants() {
        #expect(Page.byteCount == 0x1000)
        #expect(Page.allocationGranularity == 0x10000)
        #expect(Page.perGranule * Page.byteCount == Page.allocationGranularity)
        #expect(Page.lowestAddress == 0x10000)
        #expect(Page.endOfApplicationSpace - 1 == 0x7FFF_FFFE_FFFF)
        #expect(Page.endOfReservableSpace == Page.endOfApplicationSpace - 0x10000)
    }

    @Test(
        "addresses and page numbers convert by the page size",
        arguments: [(0, 0), (4095, 0), (4096, 1), (0x7FFF_FFFF_FFFF, (1 << 35) - 1)]
            as [(UInt, UInt)])
    func conversion(address: UInt, page: UInt) {
        #expect(Page.index(of: address) == page)
        #expect(Page.address(of: page) == address & ~4095)
    }

    // Source: behaviour 3.39.
    @Test(
        "rounding to the granularity goes down",
        arguments: [(0, 0), (0xFFFF, 0), (0x10000, 0x10000), (0x1FFFF, 0x10000)] as [(UInt, UInt)])
    func rounding(address: UInt, expected: UInt) {
        #expect(Page.roundedDownToGranularity(address) == expected)
    }
}
