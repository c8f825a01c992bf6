// The bits of one word of a boundary set. They stand for 32 neighbouring positions of a level, of which the
// lowest is a multiple of 32.

enum BoundaryBits {
    /// The bit of `position` in its word.
    @inline(__always)
    static func bit(of position: UInt) -> UInt32 {
        1 &<< UInt32(truncatingIfNeeded: position & 31)
    }

    /// The bits of `position` and of those above it in its word.
    @inline(__always)
    static func mask(from position: UInt) -> UInt32 {
        UInt32.max &<< UInt32(truncatingIfNeeded: position & 31)
    }

    /// The bits of `position` and of those below it in its word.
    @inline(__always)
    static func mask(upTo position: UInt) -> UInt32 {
        UInt32.max &>> UInt32(truncatingIfNeeded: 31 &- position & 31)
    }

    /// The position of the lowest bit in `bits`, which is not zero and comes from the word of `position`.
    @inline(__always)
    static func first(of bits: UInt32, near position: UInt) -> UInt {
        position & ~31 | UInt(bits.trailingZeroBitCount)
    }

    /// The position of the highest bit, in the same way.
    @inline(__always)
    static func last(of bits: UInt32, near position: UInt) -> UInt {
        position & ~31 | UInt(31 &- bits.leadingZeroBitCount)
    }
}
