// Writes the values of inserts: strings, characters and numbers, in a field of a given width.

/// `precision` is the number of characters of a value, `width` that of its field.
private struct Field {
    var width = 0
    var precision: Int?
    var isLeftAligned: Bool

    /// Writes blanks in front of `count` characters, or none.
    func open(_ count: Int, in buffer: inout CharacterBuffer) {
        if !isLeftAligned { fill(count, in: &buffer) }
    }

    func close(_ count: Int, in buffer: inout CharacterBuffer) {
        if isLeftAligned { fill(count, in: &buffer) }
    }

    private func fill(_ count: Int, in buffer: inout CharacterBuffer) {
        var rest = width &- count
        while rest > 0 {
            buffer.append(Ascii.space)
            rest &-= 1
        }
    }
}

/// The bits of an argument that a character uses.
private enum CharacterMask {
    static let byte: UInt32 = 0xFF
    static let scalar: UInt32 = 0x1F_FFFF
}

extension MessageArguments {
    /// Writes the value of insert `number`. If the format has a star, that number is the one of the first
    /// star.
    mutating func write(
        insert number: Int, as format: InsertFormat, _ width: CharacterWidth,
        to buffer: inout CharacterBuffer
    ) throws(FormatError) {
        var number: Int? = number
        var field = Field(isLeftAligned: format.isLeftAligned)
        if let wide = try size(format.width, &number) {
            field.width = abs(wide)
            if wide < 0 { field.isLeftAligned = true }
        }
        field.precision = try size(format.precision, &number)
        if let precision = field.precision, precision < 0 { field.precision = nil }
        let value = try number.map { number throws(FormatError) in try self.value(number: number) }
        let word = if let value { value } else { try valueBehindStar() }
        switch format.type {
        case UInt32(ascii: "s"), UInt32(ascii: "S"):
            writeString(word, format, field, width, to: &buffer)
        case UInt32(ascii: "c"), UInt32(ascii: "C"):
            field.open(1, in: &buffer)
            let mask = width == .one ? CharacterMask.byte : CharacterMask.scalar
            buffer.append(UInt32(truncatingIfNeeded: word) & mask)
            field.close(1, in: &buffer)
        default: writeNumber(word, format, field, to: &buffer)
        }
    }

    /// - Parameter number: The number of the insert, until a star has used it.
    private mutating func size(
        _ size: InsertFormat.Size, _ number: inout Int?
    ) throws(FormatError) -> Int? {
        switch size {
        case .none: return nil
        case .fixed(let size): return size
        case .argument:
            let value: UInt64
            if let first = number {
                value = try self.value(number: first)
            } else {
                value = try nextValue()
            }
            number = nil
            let most = Int32(InsertFormat.mostCharacters)
            return Int(min(max(Int32(truncatingIfNeeded: value), -most), most))
        }
    }

    private func writeString(
        _ word: UInt64, _ format: InsertFormat, _ field: Field, _ width: CharacterWidth,
        to buffer: inout CharacterBuffer
    ) {
        let wide = width == .one ? CharacterWidth.four : width
        let isWide =
            switch format.length {
            case .short: false
            case .long, .double: true
            case .none: (format.type == UInt32(ascii: "s")) == (width != .one)
            }
        let text =
            unsafe CharacterText(
                UnsafeRawPointer(bitPattern: UInt(word)), isWide ? wide : .one)
            ?? CharacterText("(null)")
        // Reads no further than the precision, because the string may have no NUL there.
        let most = field.precision ?? Int.max
        var length = 0
        while length < most && text[length] != 0 { length &+= 1 }
        var scalarCount = 0
        var index = 0
        while index < length {
            index &+= text.scalar(at: index, of: length).length
            scalarCount &+= 1
        }
        field.open(scalarCount, in: &buffer)
        buffer.append(text, count: length)
        field.close(scalarCount, in: &buffer)
    }

    private func writeNumber(
        _ word: UInt64, _ format: InsertFormat, _ field: Field, to buffer: inout CharacterBuffer
    ) {
        let isPointer = format.type == UInt32(ascii: "p")
        let isSigned = format.type == UInt32(ascii: "d") || format.type == UInt32(ascii: "i")
        let bitCount: UInt64 =
            isPointer || format.length == .double ? 64 : format.length == .short ? 16 : 32
        let unused = 64 &- bitCount
        // The upper bits are undefined, or extend the sign.
        let number =
            isSigned
            ? UInt64(bitPattern: Int64(bitPattern: word &<< unused) &>> Int64(unused))
            : (word &<< unused) &>> unused
        var digits = Digits()
        let isNegative = isSigned && Int64(bitPattern: number) < 0
        digits.write(isNegative ? 0 &- number : number, in: format.type)
        var sign: StaticString = ""
        if isNegative {
            sign = "-"
        } else if isSigned {
            sign = format.hasSign ? "+" : format.hasSpaceForSign ? " " : ""
        } else if format.hasPrefix && number != 0 {
            sign =
                format.type == UInt32(ascii: "x")
                ? "0x" : format.type == UInt32(ascii: "X") ? "0X" : ""
        }
        let signCount = sign.utf8CodeUnitCount
        var digitCount = max(digits.count, field.precision ?? (isPointer ? 16 : 1))
        if format.isPaddedWithZeros && field.precision == nil && !field.isLeftAligned {
            digitCount = max(digitCount, field.width &- signCount)
        }
        field.open(digitCount &+ signCount, in: &buffer)
        buffer.append(sign)
        for _ in 0..<digitCount &- digits.count { buffer.append(UInt32(ascii: "0")) }
        digits.append(to: &buffer)
        field.close(digitCount &+ signCount, in: &buffer)
    }
}

/// The digits of a number, the last one first.
private struct Digits {
    private var bytes = InlineArray<24, UInt8>(repeating: 0)
    private(set) var count = 0

    /// - Parameter type: The letter of printf that gives the base and the case. Zero has no digits.
    mutating func write(_ number: UInt64, in type: UInt32) {
        let base: UInt64
        switch type {
        case UInt32(ascii: "x"), UInt32(ascii: "X"), UInt32(ascii: "p"): base = 16
        case UInt32(ascii: "o"): base = 8
        default: base = 10
        }
        let letters = UInt64(UInt32(ascii: type == UInt32(ascii: "x") ? "a" : "A"))
        var rest = number
        while rest != 0 {
            let digit = rest % base
            bytes[count] = UInt8(
                truncatingIfNeeded: digit < 10
                    ? UInt64(Ascii.zero) &+ digit : letters &+ digit &- 10)
            count &+= 1
            rest /= base
        }
    }

    func append(to buffer: inout CharacterBuffer) {
        var index = count
        while index > 0 {
            index &-= 1
            buffer.append(UInt32(bytes[index]))
        }
    }
}
