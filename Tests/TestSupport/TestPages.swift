// Pages, as tests write them.

import AddressSpace

/// Where the table begins whose pages are above the low addresses: those are left to who asks for them.
package let highTable: UInt = Page.index(of: Page.endOfLowAddresses)

/// Pages `start ..< end` of that table.
package func high(_ range: Range<UInt>) -> PageRange {
    pages(highTable + range.lowerBound..<highTable + range.upperBound)
}

/// Pages `start ..< end`, as a test writes them.
package func pages(_ range: Range<UInt>) -> PageRange {
    PageRange(from: range.lowerBound, to: range.upperBound)
}
