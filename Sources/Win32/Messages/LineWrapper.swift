// Breaks the lines of a message at a width. The last line is held back, because a run of blanks in it may
// become the break.

@safe struct LineWrapper {
    /// Characters, below 255.
    private let width: Int
    private var held = InlineArray<256, UInt32>(repeating: 0)
    private var heldCount = 0

    init(width: Int) { self.width = width }

    /// A line that has reached the width is broken at its last blanks, or at the width if it has none.
    mutating func take(_ scalar: UInt32, _ buffer: inout CharacterBuffer) {
        if scalar == Ascii.lineFeed || scalar == Ascii.carriageReturn {
            finish(&buffer)
            return buffer.encode(scalar)
        }
        held[heldCount] = scalar
        heldCount &+= 1
        if heldCount == width { breakLine(&buffer) }
    }

    private mutating func breakLine(_ buffer: inout CharacterBuffer) {
        var next = heldCount
        while next > 0 && held[next &- 1] != Ascii.space { next &-= 1 }
        var end = next
        while end > 0 && held[end &- 1] == Ascii.space { end &-= 1 }
        if next == 0 { (end, next) = (heldCount, heldCount) }
        write(end, &buffer)
        buffer.encode(Ascii.carriageReturn)
        buffer.encode(Ascii.lineFeed)
        for index in next..<heldCount { held[index &- next] = held[index] }
        heldCount &-= next
    }

    /// Writes the line that is held back.
    mutating func finish(_ buffer: inout CharacterBuffer) {
        write(heldCount, &buffer)
        heldCount = 0
    }

    private func write(_ count: Int, _ buffer: inout CharacterBuffer) {
        for index in 0..<count { buffer.encode(held[index]) }
    }
}
