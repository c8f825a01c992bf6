// The limit that NtAllocateVirtualMemory's ZeroBits sets: a number of bits, or a mask.

import AddressSpace
import Testing

@testable import Win32

@Suite("Zero bits")
struct ZeroBitsTests {
    @Test("zero sets no limit")
    func none() { #expect(limit(ofZeroBits: 0) == Page.endOfReservableSpace) }

    @Test(
        "a number of up to 21 bits is counted from bit 31", arguments: 1...21 as ClosedRange<UInt>)
    func count(bits: UInt) { #expect(limit(ofZeroBits: bits) == 1 << (32 - bits)) }

    @Test("a number of bits from 22 to 31 is malformed", arguments: 22...31 as ClosedRange<UInt>)
    func malformed(bits: UInt) { #expect(limit(ofZeroBits: bits) == nil) }

    @Test(
        "a value of 32 or more is a mask whose highest bit counts",
        arguments: [
            (32, 1 << 6), (33, 1 << 6), (63, 1 << 6), (64, 1 << 7), (0xFFFF_FFFF, 1 << 32),
            (0x8000_0000, 1 << 32), (0x3FFF_FFFF_FFFF, 1 << 46),
        ] as [(UInt, UInt)])
    func mask(bits: UInt, end: UInt) { #expect(limit(ofZeroBits: bits) == end) }

    @Test(
        "a mask of the whole address space sets no limit",
        arguments: [0x7FFF_FFFF_FFFF, 0x4000_0000_0000, .max] as [UInt])
    func wholeSpace(bits: UInt) {
        #expect(limit(ofZeroBits: bits) == Page.endOfReservableSpace)
    }
}
