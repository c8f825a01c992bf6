// Dividing, joining and replacing placeholders in the map.

import TestSupport
import Testing

@testable import AddressSpace

@Suite("Placeholders in the address map")
struct AddressMapPlaceholdersTests {
    private static let whole: Range<UInt> = 1616..<9616

    private let test = TestMap()
    private var map: AddressMap { test.map }

    init() {
        test.openArena(pages(1600..<16000))
        test.reserve(pages(Self.whole), .readOnly)
    }

    private func divide(_ part: Range<UInt>) {
        test.transact { map.setPlaceholder(pages(part), &$0) }
        #expect(map.brokenInvariant() == nil)
    }

    private func divide(_ range: Range<UInt>, intoPiecesOf pageCount: UInt) {
        for start in stride(from: range.lowerBound, to: range.upperBound, by: Int(pageCount)) {
            let end = min(start + pageCount, range.upperBound)
            test.transact { map.setPlaceholder(pages(start..<end), &$0) }
        }
        #expect(map.brokenInvariant() == nil)
    }

    private func placeholder(_ range: Range<UInt>) -> AllocationAttributes? {
        map.placeholder(pages(range))?.attributes
    }

    // Source: behaviour 10.13, 4.32.
    @Test(
        "a part becomes a placeholder, and the rest on either side stays an allocation",
        arguments: [1616..<1617, 1616..<9616, 1640..<1650, 1632..<1648, 1632..<9616, 9615..<9616]
            as [Range<UInt>])
    func divided(part: Range<UInt>) {
        divide(part)
        let attributes = placeholder(part)
        #expect(attributes?.initialProtection == PageProtection(.noAccess))
        #expect(attributes?.placement == .arena && attributes?.hasReplacedPlaceholder == false)
        for rest in [1616..<part.lowerBound, part.upperBound..<9616] where !rest.isEmpty {
            let allocation = map.allocation(containing: rest.lowerBound)
            #expect(allocation?.range == pages(rest))
            #expect(allocation?.attributes.initialProtection == PageProtection(.readOnly))
            #expect(map.state(of: rest.upperBound - 1) == .reserved)
            #expect(placeholder(rest) == nil)
        }
    }

    // Source: behaviour 10.21.
    @Test("any number of placeholders become one", arguments: [1, 48, 1000] as [UInt])
    func joined(pageCount: UInt) {
        divide(Self.whole, intoPiecesOf: pageCount)
        #expect(map.areSeveralPlaceholders(pages(Self.whole)))
        test.joinPlaceholders(of: pages(Self.whole))
        #expect(placeholder(Self.whole) != nil)
        #expect(map.runs.next(from: 1617) == 9616)
        #expect(map.brokenInvariant() == nil)
    }

    @Test("the map is in order whenever a long join is interrupted")
    func interrupted() {
        divide(Self.whole, intoPiecesOf: 32)
        var page: UInt = 0
        var steps = 0
        while page != .max {
            page = test.transact { map.joinPlaceholders(of: pages(Self.whole), from: page, &$0) }
            #expect(map.brokenInvariant() == nil)
            steps += 1
        }
        #expect(steps > 1, "the journal holds so many boundaries: the test needs more")
        #expect(placeholder(Self.whole) != nil)
    }

    // Source: behaviour 10.22.
    @Test("placeholders that do not span the range exactly are not several")
    func notSeveral() {
        divide(1616..<1632)
        divide(1632..<1650)
        #expect(map.areSeveralPlaceholders(pages(1616..<1650)))
        for range in [1616..<1632, 1617..<1650, 1616..<1649, 1616..<1651, 1600..<1632, 1632..<1660]
            as [Range<UInt>]
        {
            #expect(!map.areSeveralPlaceholders(pages(range)), "\(range)")
        }
    }

    // Source: behaviour 10.16, 10.20.
    @Test("memory replaces a placeholder and becomes one again", arguments: [false, true])
    func replaced(isCommitted: Bool) throws {
        divide(1640..<1650)
        let placeholder = try #require(map.placeholder(pages(1640..<1650)))
        let state = isCommitted ? PageState.committed(.readWrite) : .reserved
        let protection = PageProtection(.readWrite)
        test.transact {
            map.replacePlaceholder(pages(1640..<1650), by: protection, as: state, &$0)
        }
        let attributes = placeholder.attributes.replaced(by: protection)
        if isCommitted { try map.charge.add(10, limit: .max) }
        #expect(map.state(of: 1640) == state && map.state(of: 1649) == state)
        #expect(map.allocation(containing: 1645)?.attributes == attributes)
        #expect(map.brokenInvariant() == nil)
        test.setState(.reserved, of: pages(1640..<1650))
        divide(1640..<1650)
        #expect(map.placeholder(pages(1640..<1650)) == placeholder)
    }

    @Test("what is joined or left of a mapping of its own counts as carved out of an arena")
    func placement() {
        let range: Range<UInt> = 20000..<20032
        let attributes = AllocationAttributes(
            initialProtection: PageProtection(.noAccess), placement: .ownMapping,
            kind: .placeholder)
        test.transact {
            map.reserve(pages(range), attributes, as: .placeholder, in: .unowned, &$0)
        }
        #expect(placeholder(range)?.placement == .ownMapping)
        divide(20010..<20020)
        for part in [20000..<20010, 20010..<20020, 20020..<20032] as [Range<UInt>] {
            #expect(placeholder(part)?.placement == .arena)
        }
        test.joinPlaceholders(of: pages(range))
        #expect(placeholder(range)?.placement == .arena)
        #expect(map.brokenInvariant() == nil)
    }
}
