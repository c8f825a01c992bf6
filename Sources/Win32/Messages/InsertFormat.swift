// The format of an insert, such as %1!-8.3lx!, which is like those of printf.

struct InsertFormat {
    /// A number of characters: given, the value of an argument (`*`), or missing.
    enum Size {
        case none
        case fixed(Int)
        case argument
    }

    /// A prefix of the type.
    enum Length {
        case none
        /// `h`: strings of bytes.
        case short
        /// `l`, `w`: wide strings. Numbers have 32 bits, as `long` has on Windows.
        case long
        /// `ll`, `I64`, `I`: numbers of 64 bits.
        case double
    }

    var isLeftAligned = false
    var hasSign = false
    var hasSpaceForSign = false
    var hasPrefix = false
    var isPaddedWithZeros = false
    var width = Size.none
    var precision = Size.none
    var length = Length.none
    /// The letter of printf that names the type.
    var type = UInt32(ascii: "s")

    /// A string of the same character width as the message.
    init() {}

    /// - Throws: `.invalidParameter` if the text is not such a format.
    init(_ text: CharacterText, from start: Int, to end: Int) throws(FormatError) {
        var reader = Reader(text: text, index: start, end: end)
        readFlags(&reader)
        width = reader.readSize() ?? .none
        if reader.skip("."), reader.index <= end { precision = reader.readSize() ?? .fixed(0) }
        readLength(&reader)
        guard let letter = reader.next(), reader.index == end else { throw .invalidParameter }
        switch letter {
        case UInt32(ascii: "s"), UInt32(ascii: "S"), UInt32(ascii: "c"), UInt32(ascii: "C"),
            UInt32(ascii: "d"), UInt32(ascii: "i"),
            UInt32(ascii: "u"), UInt32(ascii: "x"), UInt32(ascii: "X"), UInt32(ascii: "o"),
            UInt32(ascii: "p"):
            type = letter
        default: throw .invalidParameter
        }
    }

    private mutating func readFlags(_ reader: inout Reader) {
        while true {
            if reader.skip("-") {
                isLeftAligned = true
            } else if reader.skip("+") {
                hasSign = true
            } else if reader.skip(" ") {
                hasSpaceForSign = true
            } else if reader.skip("#") {
                hasPrefix = true
            } else if reader.skip("0") {
                isPaddedWithZeros = true
            } else {
                return
            }
        }
    }

    private mutating func readLength(_ reader: inout Reader) {
        if reader.skip("h") {
            length = .short
        } else if reader.skip("w") {
            length = .long
        } else if reader.skip("l") {
            length = reader.skip("l") ? .double : .long
        } else if reader.skip("I") {
            length = .double
            if reader.skip("3") {
                _ = reader.skip("2")
                length = .none
            } else if reader.skip("6") {
                // The next character must be the second one of "64".
                _ = reader.skip("4")
            }
        }
    }

    private struct Reader {
        let text: CharacterText
        var index: Int
        let end: Int

        mutating func next() -> UInt32? {
            if index >= end { return nil }
            index &+= 1
            return text[index &- 1]
        }

        /// Skips `character` if it is the next one; returns whether it was.
        mutating func skip(_ character: Unicode.Scalar) -> Bool {
            if index >= end || text[index] != character.value { return false }
            index &+= 1
            return true
        }

        mutating func readSize() -> Size? {
            if skip("*") { return .argument }
            let start = index
            var number = 0
            while index < end, let digit = Ascii.digit(text[index]) {
                number = min(number &* 10 &+ digit, InsertFormat.mostCharacters)
                index &+= 1
            }
            return index == start ? nil : .fixed(number)
        }
    }

    /// A message has at most 64 KiB.
    static let mostCharacters = 65536
}
