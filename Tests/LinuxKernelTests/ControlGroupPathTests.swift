// Control groups, simulated by files in a temporary folder.

import Foundation
import Testing

@testable import LinuxKernel

@Suite("Paths of control groups")
final class ControlGroupPathTests {
    /// The name of the temporary folder, which is the outermost group.
    private let name = "win32memory-tests-\(UUID().uuidString)"
    private var folder: String { "/tmp/\(name)" }

    init() throws {
        try FileManager.default.createDirectory(
            atPath: "\(folder)/outer/inner", withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private func write(_ text: String, to file: String) throws {
        try text.write(toFile: "\(folder)/\(file)", atomically: false, encoding: .utf8)
    }

    private func group(
        _ version: ControlGroupList.Version, _ list: String
    ) -> ControlGroupPath? {
        let bytes = Array(list.utf8)
        return ControlGroupPath(version, listedIn: bytes.span, mountedAt: "/tmp")
    }

    /// The limit and the usage of the group in `list`, from files with the names of version 2.
    private func tightest(_ list: String) -> [UInt64]? {
        guard let result = group(.two, list)?.tightest("/memory.max", "/memory.current") else {
            return nil
        }
        return [result.limit, result.used]
    }

    @Test("the group's own limit counts, with its usage")
    func ownLimit() throws {
        try write("1048576\n", to: "outer/inner/memory.max")
        try write("4096\n", to: "outer/inner/memory.current")
        #expect(tightest("0::/\(name)/outer/inner\n") == [1_048_576, 4096])
    }

    @Test("a lower limit of a group above counts, with the usage of that group")
    func limitAbove() throws {
        try write("1048576\n", to: "outer/inner/memory.max")
        try write("4096\n", to: "outer/inner/memory.current")
        try write("65536\n", to: "outer/memory.max")
        try write("8192\n", to: "outer/memory.current")
        #expect(tightest("0::/\(name)/outer/inner\n") == [65536, 8192])
    }

    @Test("a higher limit of a group above does not count")
    func looserLimitAbove() throws {
        try write("65536\n", to: "outer/inner/memory.max")
        try write("12288\n", to: "outer/inner/memory.current")
        try write("1048576\n", to: "memory.max")
        try write("8192\n", to: "memory.current")
        #expect(tightest("0::/\(name)/outer/inner\n") == [65536, 12288])
    }

    @Test("a group with the value max has no limit of its own; a group above may have one")
    func max() throws {
        try write("max\n", to: "outer/inner/memory.max")
        #expect(tightest("0::/\(name)/outer/inner\n") == [.max, 0])
        try write("65536\n", to: "memory.max")
        #expect(tightest("0::/\(name)/outer/inner\n") == [65536, 0])
    }

    @Test("a group whose folder does not exist has the limits of the groups above it")
    func invisible() throws {
        try write("65536\n", to: "outer/memory.max")
        try write("100\n", to: "outer/memory.current")
        #expect(tightest("0::/\(name)/outer/elsewhere/deep\n") == [65536, 100])
    }

    @Test("version 1 finds the group of the memory controller")
    func version1() throws {
        try write("65536\n", to: "outer/memory.limit_in_bytes")
        try write("100\n", to: "outer/memory.usage_in_bytes")
        let list = "9:cpu:/wrong\n4:cpuset,memory:/\(name)/outer\n0::/also/wrong\n"
        let result = group(.one, list)!
            .tightest("/memory.limit_in_bytes", "/memory.usage_in_bytes")
        #expect(result.limit == 65536 && result.used == 100)
    }

    @Test("the root group has no limit where the file is missing")
    func root() { #expect(tightest("0::/\n") == [.max, 0]) }

    @Test("a list without a group of the version, and a path that is too long, give no group")
    func none() {
        #expect(tightest("4:memory:/\(name)\n") == nil)
        #expect(group(.one, "0::/\(name)\n") == nil)
        #expect(tightest("0::/" + String(repeating: "x", count: 600) + "\n") == nil)
    }
}
