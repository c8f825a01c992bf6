// Places that were unmapped and are remembered.

import TestSupport
import Testing

@testable import AddressSpace

@Suite("Place cache")
struct PlaceCacheTests {
    private let block = ZeroedBlock(byteCount: 8 * PlaceCache.wordCount)
    private var places: PlaceCache { unsafe PlaceCache(words: block.words) }

    private func note(_ range: PageRange, for thread: UInt32) throws {
        try #require(places.room(for: thread)).fill(range)
    }

    @Test("only a place of exactly the size is taken")
    func size() throws {
        let range = PageRange(from: 0x7000_0010, to: 0x7000_0020)
        try note(range, for: 5)
        #expect(places.take(for: 5, pageCount: 15) == nil)
        #expect(places.take(for: 5, pageCount: 17) == nil)
        #expect(places.take(for: 5, pageCount: 16)?.range == range)
    }

    @Test("a place is held by one thread at a time")
    func once() throws {
        try note(PageRange(from: 64, to: 65), for: 9)
        let place = try #require(places.take(for: 9, pageCount: 1))
        #expect(places.take(for: 9, pageCount: 1) == nil)
        place.putBack()
        #expect(places.take(for: 9, pageCount: 1)?.range == place.range)
    }

    @Test("leaving a room empty makes room for another place")
    func letGo() throws {
        for number: UInt in 1...8 {
            try note(PageRange(from: 16 * number, to: 16 * number + 1), for: 3)
        }
        #expect(places.room(for: 3) == nil)
        try #require(places.take(for: 3, pageCount: 1)).room.leaveEmpty()
        #expect(places.room(for: 3) != nil)
        #expect(places.room(for: 3) == nil)
    }

    @Test("each group of threads has its own places")
    func groups() throws {
        try note(PageRange(from: 64, to: 80), for: 1)
        #expect(places.take(for: 2, pageCount: 16) == nil)
        #expect(places.take(for: 33, pageCount: 16) != nil)
    }

    @Test("places of up to 255 pages, up to the end of the map, are stored exactly")
    func extremes() throws {
        for range in [
            PageRange(from: Page.endOfMap - 256, to: Page.endOfMap - 1), PageRange(from: 0, to: 1),
        ] {
            try note(range, for: 7)
            #expect(places.take(for: 7, pageCount: range.pageCount)?.range == range)
        }
    }
}
