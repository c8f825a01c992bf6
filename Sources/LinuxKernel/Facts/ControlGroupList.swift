// Parses /proc/self/cgroup, which has a line for each hierarchy of control groups with the group of the
// process, and the numbers in the files of a group.

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

    /// Where `text` has the path of the process's group in the memory hierarchy of `version`; `nil` if it has
    /// none.
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

    /// The number in a file of a group; `nil` if there is no limit. Version 2 then says "max"; version 1
    /// gives the highest number of bytes in whole pages.
    package static func byteCount(in text: Span<UInt8>) -> UInt64? {
        let noLimit: UInt64 = 1 << 62
        var value: UInt64 = 0
        var index = 0
        while index < text.count, case let digit = text[index] &- UInt8(ascii: "0"), digit < 10 {
            if value >= noLimit { return nil }
            value = value &* 10 &+ UInt64(digit)
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

    /// Whether a list of names with commas between them contains `name`.
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
