// Buffers of callers that receive text, and the encoding of Unicode scalars into them.

/// Stores characters as long as there is room, and counts all of them.
@safe struct CharacterBuffer {
    private let base: UnsafeMutableRawPointer?
    private let width: CharacterWidth
    /// Characters.
    private let capacity: Int
    /// The number of characters so far, including those that did not fit.
    private(set) var count = 0
    /// The number of characters written. Scalars are written whole or not at all.
    private(set) var writtenCount = 0
    /// The wrapper that breaks lines; null for none.
    private var wrapper: UnsafeMutablePointer<LineWrapper>?

    /// - Parameter capacity: The number of characters that fit at `base`.
    init(_ base: UnsafeMutableRawPointer?, _ width: CharacterWidth, capacity: Int) {
        unsafe self.base = unsafe base
        self.width = width
        self.capacity = capacity
        unsafe wrapper = nil
    }

    var isOverfull: Bool { count > capacity }

    /// Breaks the lines of the text that `body` appends.
    mutating func wrapLines<Failure: Error>(
        at lineWidth: Int, _ body: (inout CharacterBuffer) throws(Failure) -> Void
    ) throws(Failure) {
        var lines = LineWrapper(width: lineWidth)
        try unsafe withUnsafeMutablePointer(to: &lines) { pointer throws(Failure) in
            unsafe wrapper = unsafe pointer
            defer { unsafe wrapper = nil }
            try body(&self)
        }
        lines.finish(&self)
    }

    /// Appends `scalar`, a Unicode scalar value.
    mutating func append(_ scalar: UInt32) {
        if let wrapper = unsafe wrapper {
            unsafe wrapper.pointee.take(scalar, &self)
        } else {
            encode(scalar)
        }
    }

    /// Appends a scalar in the encoding of the width, without breaking lines.
    @inline(never)
    mutating func encode(_ scalar: UInt32) {
        switch width {
        case .one: appendUTF8(scalar)
        case .two where scalar >= Utf16.firstOfPairs:
            let pair = Utf16.surrogates(of: scalar)
            append((pair.high, pair.low, 0, 0), 2)
        default: append((scalar, 0, 0, 0), 1)
        }
    }

    private mutating func appendUTF8(_ scalar: UInt32) {
        let last = 0x80 | scalar & 0x3F
        let middle = 0x80 | scalar &>> 6 & 0x3F
        switch scalar {
        case 0..<0x80: append((scalar, 0, 0, 0), 1)
        case 0x80..<0x800: append((0xC0 | scalar &>> 6, last, 0, 0), 2)
        case 0x800..<0x10000: append((0xE0 | scalar &>> 12, middle, last, 0), 3)
        default:
            append((0xF0 | scalar &>> 18, 0x80 | scalar &>> 12 & 0x3F, middle, last), 4)
        }
    }

    private mutating func append(_ units: (UInt32, UInt32, UInt32, UInt32), _ length: Int) {
        count &+= length
        if isOverfull { return }
        store(units.0, at: writtenCount)
        if length > 1 { store(units.1, at: writtenCount &+ 1) }
        if length > 2 { store(units.2, at: writtenCount &+ 2) }
        if length > 3 { store(units.3, at: writtenCount &+ 3) }
        writtenCount = count
    }

    /// Stores one character, not counted.
    func store(_ unit: UInt32, at index: Int) {
        let offset = index &* width.rawValue
        switch width {
        case .one:
            unsafe base?.storeBytes(
                of: UInt8(truncatingIfNeeded: unit), toByteOffset: offset, as: UInt8.self)
        case .two:
            unsafe base?.storeBytes(
                of: UInt16(truncatingIfNeeded: unit), toByteOffset: offset, as: UInt16.self)
        case .four: unsafe base?.storeBytes(of: unit, toByteOffset: offset, as: UInt32.self)
        }
    }

    /// Appends ASCII characters.
    mutating func append(_ text: StaticString) {
        for index in 0..<text.utf8CodeUnitCount { append(UInt32(unsafe text.utf8Start[index])) }
    }

    /// Appends all of `text`; malformed parts become U+FFFD.
    ///
    /// - Returns: Whether all of it was well-formed.
    @discardableResult
    @inline(never)
    mutating func append(_ text: CharacterText, count: Int) -> Bool {
        var index = 0
        var isWellFormed = true
        while index < count {
            let next = text.scalar(at: index, of: count)
            append(next.scalar)
            isWellFormed = isWellFormed && next.isWellFormed
            index &+= next.length
        }
        return isWellFormed
    }
}
