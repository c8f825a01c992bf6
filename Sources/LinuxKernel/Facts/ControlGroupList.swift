// Reads /proc/self/cgroup: a line for each hierarchy of control groups, with the process's group in it,
// and the numbers in the groups' files.

package enum ControlGroupList {
    /// The versions of control groups that can limit memory.
    package enum Version {
        /// One hierarchy for each controller, or for several: `4:memory:/path`, `3:cpu,memory:/path`.
        case one
        /// One hierarchy for all: `0::/path`.
        case two
    }

    private static let colon = UInt8(ascii: ":")
    private static let comma = UInt8(ascii: ",")
    private static let lineEnd = UInt8(ascii: "\n")

    /// Where in `text` the path of the process's group stands, in the hierarchy of `version` that limits
    /// memory; `nil` if the process is in none.
    package static func path(_ version: Version, in text: Span<UInt8>) -> Range<Int>? {
        var start = 0
        while start < text.count {
            let end = index(of: lineEnd, in: text, from: start, to: text.count)
            let names = index(of: colon, in: text, from: start, to: end) + 1
            let path = index(of: colon, in: text, from: names, to: end) + 1
            let isWanted =
                switch version {
                case .one: contains("memory", text, from: names, to: path - 1)
                case .two: path == names + 1 && text[start] == UInt8(ascii: "0")
                }
            if path <= end && isWanted { return path..<end }
            start = end + 1
        }
        return nil
    }

    /// The number that a file of a group consists of; `nil` if it says "max", or that there is no limit
    /// in version 1's way: with the highest number of bytes in whole pages.
    package static func byteCount(in text: Span<UInt8>) -> UInt64? {
        let noLimit: UInt64 = 1 << 62
        var value: UInt64 = 0
        var index = 0
        while index < text.count, text[index] >= 0x30, text[index] <= 0x39 {
            if value >= noLimit { return nil }
            value = value &* 10 &+ UInt64(text[index] &- 0x30)
            index += 1
        }
        return index == 0 || value >= noLimit ? nil : value
    }

    private static func index(
        of byte: UInt8, in text: Span<UInt8>, from start: Int, to end: Int
    ) -> Int {
        var index = start
        while index < end && text[index] != byte { index += 1 }
        return index
    }

    /// Whether `name` is among names with commas between them.
    private static func contains(
        _ name: StaticString, _ text: Span<UInt8>, from start: Int, to end: Int
    ) -> Bool {
        var start = start
        while start < end {
            let next = index(of: comma, in: text, from: start, to: end)
            if next - start == name.utf8CodeUnitCount {
                var isSame = true
                for offset in 0..<name.utf8CodeUnitCount {
                    isSame = unsafe isSame && text[start + offset] == name.utf8Start[offset]
                }
                if isSame { return true }
            }
            start = next + 1
        }
        return false
    }
}
