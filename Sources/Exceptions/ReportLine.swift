// A line of text that is built without allocations and written in one piece.

import LinuxKernel

struct ReportLine {
    private static let capacity = 1000

    private var bytes = InlineArray<1001, UInt8>(repeating: 0)
    private(set) var count = 0

    subscript(index: Int) -> UInt8 { bytes[index] }

    mutating func append(_ text: StaticString) {
        for index in 0..<text.utf8CodeUnitCount { append(byte: unsafe text.utf8Start[index]) }
    }

    mutating func append(_ other: ReportLine) {
        for index in 0..<other.count { append(byte: other[index]) }
    }

    /// Appends the address as module+0x offset.
    ///
    /// - Returns: False if no module contains it.
    mutating func append(place address: UInt) -> Bool {
        var name = InlineArray<64, CChar>(repeating: 0)
        var offset: UInt = 0
        let count = unsafe withUnsafeMutableBytes(of: &name) { bytes in
            unsafe LoadedModule.name(
                at: address, bytes.assumingMemoryBound(to: CChar.self), offset: &offset)
        }
        if count == 0 { return false }
        for index in 0..<count { append(byte: UInt8(bitPattern: name[index])) }
        append("+")
        append(hexadecimal: offset)
        return true
    }

    /// Appends the value as 0x and as few digits as possible.
    mutating func append(hexadecimal value: UInt) {
        append("0x")
        var shift = max(63 &- value.leadingZeroBitCount, 0) & ~3
        while shift >= 0 {
            let digit = UInt8(value &>> UInt(shift) & 0xF)
            append(byte: digit < 10 ? UInt8(ascii: "0") &+ digit : UInt8(ascii: "A") &+ digit &- 10)
            shift &-= 4
        }
    }

    mutating func append(decimal value: UInt) {
        var unit: UInt = 1
        while value / unit >= 10 { unit = unit &* 10 }
        while unit > 0 {
            append(byte: UInt8(ascii: "0") &+ UInt8(value / unit % 10))
            unit /= 10
        }
    }

    private mutating func append(byte: UInt8) {
        if count >= ReportLine.capacity { return }
        bytes[count] = byte
        count &+= 1
    }

    /// Writes the line to standard error.
    mutating func finish() {
        append(byte: UInt8(ascii: "\n"))
        let count = count
        unsafe withUnsafeBytes(of: &bytes) { bytes in
            unsafe StandardError.write(
                bytes.baseAddress!.assumingMemoryBound(to: CChar.self), byteCount: count)
        }
    }
}
