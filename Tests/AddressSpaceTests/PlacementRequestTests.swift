// Which places are looked at, in which order.

import Testing

@testable import AddressSpace

@Suite("Placement requests")
struct PlacementRequestTests {
    private let granule = Page.allocationGranularity

    private func placing(_ direction: PlacementRequest.Direction, alignment: UInt = 0x20000)
        -> PlacementRequest
    {
        PlacementRequest(
            pageCount: 17, alignment: alignment, lowest: 0x1_0001_0000, end: 0x1_0010_5000,
            direction: direction)
    }

    // Source: behaviour 10.9 to 10.11.
    @Test("the first place is aligned, and as near to its limit as possible")
    func first() {
        #expect(placing(.lowestFirst).first?.base == 0x1_0002_0000)
        #expect(placing(.highestFirst).first?.base == 0x1_000E_0000)
        #expect(placing(.highestFirst, alignment: granule).first?.base == 0x1_000F_0000)
    }

    @Test("there is no place between limits that are too narrow for the size or the alignment")
    func tooNarrow() {
        for direction in [PlacementRequest.Direction.lowestFirst, .highestFirst] {
            var narrow = placing(direction, alignment: granule)
            narrow.end = narrow.lowest + 17 * Page.byteCount
            #expect(narrow.first?.base == narrow.lowest)
            narrow.end -= Page.byteCount
            #expect(narrow.first == nil)
            #expect(placing(direction, alignment: 1 << 63).first == nil)
        }
    }

    @Test("the next place does not overlap the obstacle, and the search ends")
    func beyond() throws {
        for direction in [PlacementRequest.Direction.lowestFirst, .highestFirst] {
            let placing = placing(direction)
            var place = placing.first
            var count = 0
            while let current = place {
                count += 1
                let obstacle = PageRange(from: current.start + 8, to: current.start + 9)
                place = placing.place(beyond: obstacle)
                if let place {
                    #expect(!place.overlaps(obstacle))
                    #expect(placing.prefers(current, to: place))
                }
            }
            #expect(count == 7)
        }
    }

    @Test("a request without a place continues behind that place")
    func without() throws {
        for direction in [PlacementRequest.Direction.lowestFirst, .highestFirst] {
            let first = try #require(placing(direction).first)
            let rest = placing(direction).without(first)
            #expect(rest.first == placing(direction).place(beyond: first))
        }
    }
}
