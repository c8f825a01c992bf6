// Writes a message with its escapes, line breaks and inserts (Learn, FormatMessage; observed).

@safe struct MessageText {
    /// The source text.
    let text: CharacterText
    let count: Int
    /// The system's texts end with a line break, which is not part of `text`.
    var endsWithLineBreak = false
    /// How a line break in the text is written.
    var lineBreak: StaticString = "\r\n"
    /// The line width of the result in characters; 0 is no limit.
    var lineWidth = 0
    var ignoresInserts = false
    /// The character width of the result, and of inserted strings unless their format says otherwise.
    let width: CharacterWidth
    /// The values of inserts that the caller passed.
    var arguments: UnsafeMutableRawPointer?
    var argumentForm = MessageArguments.Form.list

    init(_ text: CharacterText, count: Int, width: CharacterWidth) {
        self.text = text
        self.count = count
        self.width = width
    }

    /// Writes the whole message to `buffer`.
    ///
    /// - Throws: The same errors as writing the lines.
    func write(to buffer: inout CharacterBuffer) throws(FormatError) {
        if lineWidth == 0 { return try writeLines(to: &buffer) }
        try buffer.wrapLines(at: lineWidth) { (wrapped) throws(FormatError) in
            try writeLines(to: &wrapped)
        }
    }

    /// - Throws: `.invalidParameter` for a % at the end, an unknown format, or an insert without a value.
    private func writeLines(to buffer: inout CharacterBuffer) throws(FormatError) {
        var values = unsafe MessageArguments(arguments, argumentForm)
        var index = 0
        while index < count {
            let next = text.scalar(at: index, of: count)
            index &+= next.length
            switch next.scalar {
            case Ascii.lineFeed: buffer.append(lineBreak)
            case Ascii.carriageReturn:
                if index < count && text[index] == Ascii.lineFeed { index &+= 1 }
                buffer.append(lineBreak)
            case Ascii.percent:
                if try !writeEscape(at: &index, to: &buffer, &values) { return }
            default: buffer.append(next.scalar)
            }
        }
        if endsWithLineBreak { buffer.append(lineBreak) }
    }

    /// - Parameter index: The index after the %.
    /// - Returns: False for the escape that ends the message.
    private func writeEscape(
        at index: inout Int, to buffer: inout CharacterBuffer, _ values: inout MessageArguments?
    ) throws(FormatError) -> Bool {
        if index >= count { throw .invalidParameter }
        let next = text.scalar(at: index, of: count)
        switch next.scalar {
        case UInt32(ascii: "0"): return false
        case UInt32(ascii: "n"): buffer.append("\r\n")
        case UInt32(ascii: "r"): buffer.append("\r")
        case UInt32(ascii: "t"): buffer.append("\t")
        case UInt32(ascii: "1")...UInt32(ascii: "9") where !ignoresInserts:
            try writeInsert(at: &index, to: &buffer, &values)
            return true
        case UInt32(ascii: "b") where !ignoresInserts: buffer.append(" ")
        default:
            if ignoresInserts { buffer.append(Ascii.percent) }
            buffer.append(next.scalar)
        }
        index &+= next.length
        return true
    }

    /// - Parameter index: The index of the first digit.
    private func writeInsert(
        at index: inout Int, to buffer: inout CharacterBuffer, _ values: inout MessageArguments?
    ) throws(FormatError) {
        if values == nil { throw .invalidParameter }
        var number = 0
        var digitCount = 0
        while digitCount < 2, index < count, let digit = Ascii.digit(text[index]) {
            number = number &* 10 &+ digit
            index &+= 1
            digitCount &+= 1
        }
        var format = InsertFormat()
        if index < count && text[index] == Ascii.exclamation, let end = endOfFormat(from: index) {
            format = try InsertFormat(text, from: index &+ 1, to: end)
            index = end &+ 1
        }
        try values?.write(insert: number, as: format, width, to: &buffer)
    }

    /// The index of the closing mark of a format.
    private func endOfFormat(from start: Int) -> Int? {
        for index in start &+ 1..<max(count, start &+ 1) where text[index] == Ascii.exclamation {
            return index
        }
        return nil
    }
}
