// The overflow checks of page arithmetic.

import AddressSpace
import TestSupport
import Testing

@Suite("Page ranges")
struct PageRangeTests {
    struct Span: Sendable {
        let address: UInt
        let byteCount: UInt
        let pages: Range<UInt>
    }

    // Source: behaviour 3.4, 4.1 (which pages an address and a size name).
    @Test(
        "a byte range spans every page that contains one of its bytes",
        arguments: [
            Span(address: 0x10000, byteCount: 1, pages: 16..<17),
            Span(address: 0x10FFF, byteCount: 1, pages: 16..<17),
            Span(address: 0x10FFF, byteCount: 2, pages: 16..<18),
            Span(address: 0x10000, byteCount: 4096, pages: 16..<17),
            Span(address: 0x10001, byteCount: 4096, pages: 16..<18),
            Span(address: 0, byteCount: 1 << 47, pages: 0..<1 << 35),
            Span(address: 0x7FFF_FFFF_F000, byteCount: 4096, pages: (1 << 35) - 1..<1 << 35),
        ])
    func spanning(_ span: Span) {
        let range = PageRange(spanning: span.address, byteCount: span.byteCount)
        #expect(range?.start == span.pages.lowerBound)
        #expect(range?.end == span.pages.upperBound)
    }

    @Test(
        "empty, wrapping and kernel-half byte ranges span nothing",
        arguments: [
            (0x10000, 0), (0x10000, UInt.max), (UInt.max, 1), (UInt.max, 2),
            (0x8000_0000_0000, 1), (0x7FFF_FFFF_FFFF, 2), (0, UInt.max), (0, 1 << 47 | 1),
            (0xFFFF_8000_0000_0000, 4096),
        ] as [(UInt, UInt)])
    func spanningNothing(address: UInt, byteCount: UInt) {
        #expect(PageRange(spanning: address, byteCount: byteCount) == nil)
    }

    // Source: behaviour 7.7 (MEM_RESET never touches a page that is only partly named).
    @Test(
        "the whole pages in a byte range are those that lie entirely inside",
        arguments: [
            Span(address: 0x10000, byteCount: 4096, pages: 16..<17),
            Span(address: 0x10001, byteCount: 8191, pages: 17..<18),
            Span(address: 0x10000, byteCount: 8191, pages: 16..<17),
            Span(address: 0x7FFF_FFFF_E001, byteCount: 8191, pages: (1 << 35) - 1..<1 << 35),
        ])
    func wholePages(_ span: Span) {
        let range = PageRange(wholePagesIn: span.address, byteCount: span.byteCount)
        #expect(range?.start == span.pages.lowerBound)
        #expect(range?.end == span.pages.upperBound)
    }

    @Test(
        "a byte range without a whole page in it has none",
        arguments: [
            (0x10000, 0), (0x10000, 4095), (0x10001, 8190), (UInt.max, 2), (UInt.max, 0),
            (0x10000, UInt.max), (UInt.max - 4095, 4096),
        ] as [(UInt, UInt)])
    func noWholePages(address: UInt, byteCount: UInt) {
        #expect(PageRange(wholePagesIn: address, byteCount: byteCount) == nil)
    }

    @Test("a range knows its addresses and its length")
    func measures() {
        let range = pages(16..<18)
        #expect(range.base == 0x10000)
        #expect(range.limit == 0x12000)
        #expect(range.pageCount == 2)
        #expect(range.byteCount == 8192)
    }

    @Test(
        "ranges overlap if and only if they share a page",
        arguments: [
            (0..<10, false), (0..<11, true), (9..<10, false), (19..<30, true), (20..<30, false),
            (12..<13, true), (0..<99, true),
        ] as [(Range<UInt>, Bool)])
    func overlaps(other: Range<UInt>, expected: Bool) {
        #expect(pages(10..<20).overlaps(pages(other)) == expected)
        #expect(pages(other).overlaps(pages(10..<20)) == expected)
    }

    @Test(
        "a range contains exactly the ranges that do not leave it",
        arguments: [
            (10..<20, true), (10..<11, true), (19..<20, true), (9..<11, false), (19..<21, false),
            (20..<21, false),
        ] as [(Range<UInt>, Bool)])
    func contains(other: Range<UInt>, expected: Bool) {
        #expect(pages(10..<20).contains(pages(other)) == expected)
    }

    @Test("the union of two ranges is from the lower start to the higher end")
    func joined() {
        #expect(pages(1..<3).joined(with: pages(7..<9)) == pages(1..<9))
        #expect(pages(7..<9).joined(with: pages(1..<3)) == pages(1..<9))
        #expect(pages(1..<9).joined(with: pages(2..<3)) == pages(1..<9))
    }
}
