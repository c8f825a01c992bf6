// A half-open run of whole pages. The failable initializers are the only overflow checks of the
// library: past them, page arithmetic cannot wrap.

/// Pages `start ..< end`, never empty, all below `Page.endOfMap`.
package struct PageRange: Equatable {
    /// Number of the first page.
    package let start: UInt
    /// Number of the page after the last.
    package let end: UInt

    /// Every page that contains a byte of `[address, address + byteCount)`.
    ///
    /// - Returns: `nil` if `byteCount` is zero, the sum wraps, or the range leaves user space.
    package init?(spanning address: UInt, byteCount: UInt) {
        let (last, wraps) = address.addingReportingOverflow(byteCount &- 1)
        if byteCount == 0 || wraps || Page.index(of: last) >= Page.endOfMap { return nil }
        self.start = Page.index(of: address)
        self.end = Page.index(of: last) &+ 1
    }

    /// Only the pages that lie wholly inside `[address, address + byteCount)`.
    ///
    /// - Returns: `nil` if there is none, if the sum wraps, or if the range leaves user space.
    package init?(wholePagesIn address: UInt, byteCount: UInt) {
        let (end, wraps) = address.addingReportingOverflow(byteCount)
        if wraps || Page.index(of: end) > Page.endOfMap { return nil }
        let first = Page.index(of: address &+ (Page.byteCount &- 1))
        if first >= Page.index(of: end) { return nil }
        self.start = first
        self.end = Page.index(of: end)
    }

    /// - Precondition: `start < end <= Page.endOfMap`; callers derive both from checked ranges.
    @inline(__always)
    package init(from start: UInt, to end: UInt) {
        assert(start < end && end <= Page.endOfMap, "a page range is never empty or out of the map")
        self.start = start
        self.end = end
    }

    @inline(__always) package var pageCount: UInt { end &- start }
    @inline(__always) package var byteCount: UInt { pageCount &<< Page.shift }
    /// Address of the first byte.
    @inline(__always) package var base: UInt { Page.address(of: start) }
    /// Address one past the last byte.
    @inline(__always) package var limit: UInt { Page.address(of: end) }

    @inline(__always)
    package func overlaps(_ other: PageRange) -> Bool { start < other.end && other.start < end }

    @inline(__always)
    package func contains(_ other: PageRange) -> Bool { start <= other.start && other.end <= end }

    /// Every page of the map: the range that a fork claims.
    package static var everything: PageRange { PageRange(from: 0, to: Page.endOfMap) }

    @inline(__always) package var isEverything: Bool { pageCount == Page.endOfMap }

    /// The pages that both ranges contain.
    package func intersection(with other: PageRange) -> PageRange? {
        let (start, end) = (max(start, other.start), min(end, other.end))
        return start < end ? PageRange(from: start, to: end) : nil
    }

    /// The whole granules inside; `nil` if there is none.
    @inline(__always)
    package var wholeGranules: PageRange? {
        let mask = Page.perGranule &- 1
        let (start, end) = ((start &+ mask) & ~mask, end & ~mask)
        return start < end ? PageRange(from: start, to: end) : nil
    }

    /// The range extended to all of each granule that it touches.
    @inline(__always)
    package var withWholeGranules: PageRange {
        let mask = Page.perGranule &- 1
        return PageRange(from: start & ~mask, to: min((end &+ mask) & ~mask, Page.endOfMap))
    }

    /// The numbers of the granules that it touches.
    @inline(__always)
    package var granules: Range<UInt> {
        start / Page.perGranule..<(end &+ Page.perGranule &- 1) / Page.perGranule
    }

    /// All pages of these granules.
    @inline(__always)
    package init(granules: Range<UInt>) {
        self.init(
            from: granules.lowerBound &* Page.perGranule,
            to: granules.upperBound &* Page.perGranule)
    }

    /// True if the range begins and ends with a granule.
    @inline(__always)
    package var isWholeGranules: Bool { (start | end) & (Page.perGranule &- 1) == 0 }

    /// The smallest range that covers both.
    package func joined(with other: PageRange) -> PageRange {
        PageRange(from: min(start, other.start), to: max(end, other.end))
    }
}
