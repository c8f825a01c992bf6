// Decodes the scalars of a text: UTF-8, UTF-16 or UTF-32, by the width of its characters.

/// The scalar at a place in a text.
struct DecodedScalar {
    /// U+FFFD if the characters there are malformed.
    var scalar: UInt32
    /// The number of characters that it takes; at least one.
    var length: Int
    var isWellFormed: Bool

    private static let replacement: UInt32 = 0xFFFD

    static func malformed(_ length: Int) -> DecodedScalar {
        DecodedScalar(scalar: replacement, length: length, isWellFormed: false)
    }
}

extension CharacterText {
    /// The scalar at `index`, of a text of `count` characters. A malformed sequence is as long as
    /// its longest part that could begin a well-formed one (Unicode, chapter 3, U+FFFD Substitution).
    func scalar(at index: Int, of count: Int) -> DecodedScalar {
        switch width {
        case .one: utf8Scalar(at: index, of: count)
        case .two: utf16Scalar(at: index, of: count)
        case .four: utf32Scalar(self[index])
        }
    }

    private func utf32Scalar(_ value: UInt32) -> DecodedScalar {
        if value > Utf16.highestScalar || Utf16.isSurrogate(value) { return .malformed(1) }
        return DecodedScalar(scalar: value, length: 1, isWellFormed: true)
    }

    private func utf16Scalar(at index: Int, of count: Int) -> DecodedScalar {
        let unit = self[index]
        if !Utf16.isSurrogate(unit) {
            return DecodedScalar(scalar: unit, length: 1, isWellFormed: true)
        }
        if !Utf16.isHighSurrogate(unit) || index &+ 1 >= count { return .malformed(1) }
        let low = self[index &+ 1]
        if !Utf16.isLowSurrogate(low) { return .malformed(1) }
        return DecodedScalar(scalar: Utf16.scalar(unit, low), length: 2, isWellFormed: true)
    }

    private func utf8Scalar(at index: Int, of count: Int) -> DecodedScalar {
        let lead = self[index]
        if lead < 0x80 { return DecodedScalar(scalar: lead, length: 1, isWellFormed: true) }
        if lead < 0xC2 || lead > 0xF4 { return .malformed(1) }
        let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        // The range of the second byte excludes overlong forms, surrogates and values that are too high.
        var lowest: UInt32 = 0x80
        var highest: UInt32 = 0xBF
        switch lead {
        case 0xE0: lowest = 0xA0
        case 0xED: highest = 0x9F
        case 0xF0: lowest = 0x90
        case 0xF4: highest = 0x8F
        default: break
        }
        var scalar = lead & (0x7F &>> UInt32(length))
        for offset in 1..<length {
            if index &+ offset >= count { return .malformed(offset) }
            let byte = self[index &+ offset]
            if byte < lowest || byte > highest { return .malformed(offset) }
            scalar = scalar &<< 6 | (byte & 0x3F)
            (lowest, highest) = (0x80, 0xBF)
        }
        return DecodedScalar(scalar: scalar, length: length, isWellFormed: true)
    }
}
