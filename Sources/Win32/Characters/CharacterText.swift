// Strings of callers: bytes (UTF-8), or wide characters of two (UTF-16) or four bytes (UTF-32). They are read
// in place.

/// Bytes in one character of a string.
enum CharacterWidth: Int {
    case one = 1
    case two = 2
    case four = 4
}

/// A string that a caller passed, terminated by NUL or of known length.
@safe struct CharacterText {
    let base: UnsafeRawPointer
    let width: CharacterWidth

    /// - Returns: `nil` for a null pointer.
    init?(_ pointer: UnsafeRawPointer?, _ width: CharacterWidth) {
        guard let pointer = unsafe pointer else { return nil }
        unsafe base = unsafe pointer
        self.width = width
    }

    /// Text of our own, which ends with a NUL.
    init(_ text: StaticString) {
        unsafe base = UnsafeRawPointer(text.utf8Start)
        width = .one
    }

    /// Character `index` as it is stored.
    subscript(index: Int) -> UInt32 {
        let offset = index &* width.rawValue
        return switch width {
        case .one: UInt32(unsafe base.loadUnaligned(fromByteOffset: offset, as: UInt8.self))
        case .two: UInt32(unsafe base.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
        case .four: unsafe base.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
        }
    }

    /// Characters before the NUL.
    var length: Int {
        var index = 0
        while self[index] != 0 { index &+= 1 }
        return index
    }

    /// Whether the characters from `start` up to `end` are `name`, in any mixture of cases.
    func matches(_ name: StaticString, from start: Int, to end: Int) -> Bool {
        if end &- start != name.utf8CodeUnitCount { return false }
        for index in 0..<name.utf8CodeUnitCount
        where CharacterText.lowercase(self[start &+ index])
            != CharacterText.lowercase(UInt32(unsafe name.utf8Start[index]))
        {
            return false
        }
        return true
    }

    private static func lowercase(_ character: UInt32) -> UInt32 {
        character >= UInt32(ascii: "A") && character <= UInt32(ascii: "Z")
            ? character | Ascii.lowercaseBit : character
    }
}
