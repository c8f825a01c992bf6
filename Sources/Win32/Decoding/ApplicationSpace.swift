// The check of address and size with which most functions begin.

import AddressSpace

enum ApplicationSpace {
    /// - Throws: `.invalidParameter` unless all bytes lie in the space of the application. There may be none.
    static func require(_ address: UInt, _ byteCount: UInt) throws(MemoryError) {
        if address >= Page.endOfApplicationSpace
            || byteCount > Page.endOfApplicationSpace &- address
        {
            throw .invalidParameter
        }
    }

    /// Every page that contains one of the bytes.
    ///
    /// - Throws: The same, also if there are no bytes.
    static func pages(at address: UInt, _ byteCount: UInt) throws(MemoryError) -> PageRange {
        try require(address, byteCount)
        guard let range = PageRange(spanning: address, byteCount: byteCount) else {
            throw .invalidParameter
        }
        return range
    }
}
