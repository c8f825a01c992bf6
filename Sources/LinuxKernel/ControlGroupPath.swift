// The path of a control group, on the stack: built, read and shortened without allocating.

import CLinux

/// `/sys/fs/cgroup` + the group's own path, as bytes.
struct ControlGroupPath {
    private static let capacity = 512
    private static let root: StaticString = "/sys/fs/cgroup"

    private var bytes = InlineArray<512, UInt8>(repeating: 0)
    private var length = 0

    /// Reads the group of this process (version 2: the line `0::/path`).
    mutating func readOwn() -> Bool {
        append(ControlGroupPath.root)
        let rootLength = length
        var text = InlineArray<512, UInt8>(repeating: 0)
        var span = text.mutableSpan
        let count = SystemFile.read("/proc/self/cgroup", into: &span)
        guard var position = start(ofPathIn: text, count: count) else { return false }
        while position < count && text[position] != 0x0A {
            guard length < ControlGroupPath.capacity - 16 else { return false }
            bytes[length] = text[position]
            length += 1
            position += 1
        }
        if length == rootLength + 1 { length = rootLength }
        return true
    }

    /// The number in a file of the group; `nil` if it has none, or it says "max".
    mutating func number(in file: StaticString) -> UInt64? {
        let groupLength = length
        append(file)
        bytes[length] = 0
        var digits = InlineArray<24, UInt8>(repeating: 0)
        var target = digits.mutableSpan
        let span = bytes.span
        let count = unsafe span.withUnsafeBytes { path in
            unsafe target.withUnsafeMutableBytes { buffer in
                unsafe kernel_read_file(
                    path.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.baseAddress, 23, 0
                )
            }
        }
        length = groupLength
        return ControlGroupPath.number(in: digits, count: count)
    }

    /// Shortens the path to the parent group.
    ///
    /// - Returns: False at the root.
    mutating func moveUp() -> Bool {
        let rootLength = ControlGroupPath.root.utf8CodeUnitCount
        if length <= rootLength { return false }
        while length > rootLength && bytes[length - 1] != 0x2F { length -= 1 }
        if length > rootLength { length -= 1 }
        return true
    }

    private mutating func append(_ text: StaticString) {
        for index in 0..<text.utf8CodeUnitCount where length < ControlGroupPath.capacity - 1 {
            bytes[length] = unsafe text.utf8Start[index]
            length += 1
        }
    }

    private func start(ofPathIn text: InlineArray<512, UInt8>, count: Int) -> Int? {
        var lineStart = 0
        while lineStart + 3 < count {
            if text[lineStart] == 0x30 && text[lineStart + 1] == 0x3A && text[lineStart + 2] == 0x3A
            {
                return lineStart + 3
            }
            while lineStart < count && text[lineStart] != 0x0A { lineStart += 1 }
            lineStart += 1
        }
        return nil
    }

    private static func number(in digits: InlineArray<24, UInt8>, count: Int) -> UInt64? {
        var value: UInt64 = 0
        var index = 0
        while index < min(count, 20), digits[index] >= 0x30, digits[index] <= 0x39 {
            value = value &* 10 &+ UInt64(digits[index] &- 0x30)
            index += 1
        }
        return index == 0 ? nil : value
    }
}
