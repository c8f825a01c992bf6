// Short ways to write page ranges in tests.

import AddressSpace

/// The first page of the table above the low addresses, which allocations without limits avoid.
package let highTable: UInt = Page.index(of: Page.endOfLowAddresses)

/// Pages `start ..< end` of that table.
package func high(_ range: Range<UInt>) -> PageRange {
    pages(highTable + range.lowerBound..<highTable + range.upperBound)
}

/// Pages `start ..< end` of the map.
package func pages(_ range: Range<UInt>) -> PageRange {
    PageRange(from: range.lowerBound, to: range.upperBound)
}
