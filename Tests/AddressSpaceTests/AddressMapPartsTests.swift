// Cutting a part out of an allocation.

import TestSupport
import Testing

@testable import AddressSpace

@Suite("Parts of allocations in the address map")
struct AddressMapPartsTests {
    private static let whole: Range<UInt> = 1616..<1716

    private let test = TestMap()
    private var map: AddressMap { test.map }

    init() {
        test.openArena(pages(1600..<16000))
        test.reserve(pages(Self.whole), .readOnly)
    }

    private func free(_ part: Range<UInt>) {
        test.setState(.reserved, of: pages(part))
        test.transact { map.free(pages(part), &$0) }
    }

    private func expectAllocation(_ range: Range<UInt>) {
        if range.isEmpty { return }
        let allocation = map.allocation(containing: range.lowerBound)
        #expect(allocation?.range == pages(range))
        #expect(allocation?.attributes.initialProtection == PageProtection(.readOnly))
        #expect(allocation?.attributes.placement == .arena)
    }

    // Source: behaviour 4.31 to 4.34.
    @Test(
        "the part becomes available, and the rest on either side is an allocation",
        arguments: [1616..<1617, 1616..<1700, 1640..<1650, 1632..<1648, 1700..<1716, 1715..<1716]
            as [Range<UInt>])
    func cut(part: Range<UInt>) {
        test.setState(.committed(.readWrite), of: pages(1620..<1710))
        free(part)
        #expect(part.allSatisfy { map.state(of: $0) == .available })
        #expect(map.allocation(containing: part.lowerBound) == nil)
        expectAllocation(Self.whole.lowerBound..<part.lowerBound)
        expectAllocation(part.upperBound..<Self.whole.upperBound)
        #expect(map.brokenInvariant() == nil)
    }

    @Test("parts cut one after another join the available pages around them")
    func joining() {
        free(1640..<1650)
        free(1650..<1660)
        #expect(map.freeState(of: pages(1640..<1660)) == .available)
        free(1616..<1630)
        #expect(map.freeState(of: pages(1600..<1630)) == .available)
        #expect(map.brokenInvariant() == nil)
    }

    @Test("each rest of a divided allocation can be released by itself")
    func releasing() {
        free(1640..<1650)
        test.release(pages(1650..<1716))
        #expect(map.freeState(of: pages(1640..<16000)) == .available)
        expectAllocation(1616..<1640)
        test.release(pages(1616..<1640))
        #expect(map.freeState(of: pages(1600..<16000)) == .available)
        #expect(map.brokenInvariant() == nil)
    }

    @Test("releasing the last part does not change new reservations beside it")
    func reservedAnew() {
        // Somebody is about to release 1632..<1648; meanwhile others release what is on both sides,
        // and reserve some of it again.
        free(1616..<1632)
        free(1648..<1716)
        test.reserve(pages(1616..<1632), .noAccess)
        test.reserve(pages(1648..<1664), .noAccess)
        test.transact { map.free(pages(1632..<1648), &$0) }
        for page in [1616, 1648] as [UInt] {
            let attributes = map.allocation(containing: page)?.attributes
            #expect(attributes?.initialProtection == PageProtection(.noAccess))
        }
        #expect(map.brokenInvariant() == nil)
    }
}
