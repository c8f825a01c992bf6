// The path of a control group. It is kept on the stack, without allocations.

import CLinux

/// The mount point of the hierarchy followed by the path of the group, as bytes.
struct ControlGroupPath {
    private static let capacity = 512

    private let root: StaticString
    private var bytes = InlineArray<512, UInt8>(repeating: 0)
    private var length = 0

    /// The group of this process; `nil` if it is in no group of this version that limits memory.
    init?(ofOwnGroup version: ControlGroupList.Version) {
        // A page is enough, even for all controllers of version 1 with long paths.
        var text = InlineArray<4096, UInt8>(repeating: 0)
        var target = text.mutableSpan
        let count = SystemFile.read("/proc/self/cgroup", into: &target)
        if count <= 0 { return nil }
        self.init(
            version, listedIn: text.span.extracting(first: count),
            mountedAt: version == .one ? "/sys/fs/cgroup/memory" : "/sys/fs/cgroup")
    }

    /// The group that `list` names; `nil` if it names none of this version that limits memory.
    init?(
        _ version: ControlGroupList.Version, listedIn list: Span<UInt8>,
        mountedAt root: StaticString
    ) {
        self.root = root
        append(root)
        guard let path = ControlGroupList.path(version, in: list) else { return nil }
        for position in path {
            guard length < ControlGroupPath.capacity - 32 else { return nil }
            bytes[length] = list[position]
            length += 1
        }
        // The path of the root group is "/", which the mount point does not need.
        if path.count == 1 { length -= 1 }
    }

    /// The lowest limit of the group and the groups above it, and the usage of the group with that limit, in
    /// bytes. The limit is `UInt64.max` if no group has one.
    ///
    /// - Parameters: The names of the two files in this version.
    consuming func tightest(
        _ limitName: StaticString, _ usageName: StaticString
    ) -> (limit: UInt64, used: UInt64) {
        var tightest = (limit: UInt64.max, used: UInt64(0))
        repeat {
            let limit = byteCount(in: limitName) ?? UInt64.max
            if limit < tightest.limit { tightest = (limit, byteCount(in: usageName) ?? 0) }
        } while moveUp()
        return tightest
    }

    /// The number in a file of the group; `nil` if the file does not exist or names no limit.
    private mutating func byteCount(in file: StaticString) -> UInt64? {
        let groupLength = length
        append(file)
        bytes[length] = 0
        var digits = InlineArray<24, UInt8>(repeating: 0)
        var target = digits.mutableSpan
        let span = bytes.span
        let count = unsafe span.withUnsafeBytes { path in
            unsafe target.withUnsafeMutableBytes { buffer in
                unsafe kernel_read_file(
                    path.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.baseAddress,
                    buffer.count)
            }
        }
        length = groupLength
        return count <= 0
            ? nil : ControlGroupList.byteCount(in: digits.span.extracting(first: count))
    }

    /// Shortens the path to the parent group.
    ///
    /// - Returns: False at the root.
    private mutating func moveUp() -> Bool {
        let rootLength = root.utf8CodeUnitCount
        if length <= rootLength { return false }
        while length > rootLength && bytes[length - 1] != UInt8(ascii: "/") { length -= 1 }
        if length > rootLength { length -= 1 }
        return true
    }

    private mutating func append(_ text: StaticString) {
        for index in 0..<text.utf8CodeUnitCount where length < ControlGroupPath.capacity - 1 {
            bytes[length] = unsafe text.utf8Start[index]
            length += 1
        }
    }
}
