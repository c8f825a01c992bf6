// UTF-16: scalars of more than 16 bits are pairs of surrogates.

enum Utf16 {
    static let highestScalar: UInt32 = 0x10FFFF
    /// The first scalar that takes a pair.
    static let firstOfPairs: UInt32 = 0x10000

    private static let firstHighSurrogate: UInt32 = 0xD800
    private static let firstLowSurrogate: UInt32 = 0xDC00
    private static let lastLowSurrogate: UInt32 = 0xDFFF
    /// Each surrogate of a pair has half the bits of the scalar's distance from the first.
    private static let halfBitCount: UInt32 = 10
    private static let halfMask: UInt32 = 0x3FF

    static func isHighSurrogate(_ unit: UInt32) -> Bool {
        unit >= firstHighSurrogate && unit < firstLowSurrogate
    }
    static func isLowSurrogate(_ unit: UInt32) -> Bool {
        unit >= firstLowSurrogate && unit <= lastLowSurrogate
    }
    static func isSurrogate(_ unit: UInt32) -> Bool {
        unit >= firstHighSurrogate && unit <= lastLowSurrogate
    }

    static func scalar(_ high: UInt32, _ low: UInt32) -> UInt32 {
        firstOfPairs &+ ((high & halfMask) &<< halfBitCount | (low & halfMask))
    }
    static func surrogates(of scalar: UInt32) -> (high: UInt32, low: UInt32) {
        let value = scalar &- firstOfPairs
        return (firstHighSurrogate | value &>> halfBitCount, firstLowSurrogate | value & halfMask)
    }
}
