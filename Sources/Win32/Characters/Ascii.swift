// ASCII characters in text of any width.

/// Characters by name.
enum Ascii {
    static let lineFeed = UInt32(ascii: "\n")
    static let carriageReturn = UInt32(ascii: "\r")
    static let space = UInt32(ascii: " ")
    static let exclamation = UInt32(ascii: "!")
    static let percent = UInt32(ascii: "%")
    /// The bit in which a small letter differs from its capital.
    static let lowercaseBit: UInt32 = 0x20
    static let zero = UInt32(ascii: "0")
    static let nine = UInt32(ascii: "9")

    static func digit(_ character: UInt32) -> Int? {
        character >= zero && character <= nine ? Int(character &- zero) : nil
    }
}

extension UInt32 {
    /// An ASCII character.
    @inline(__always)
    init(ascii character: Unicode.Scalar) { self = character.value }
}
