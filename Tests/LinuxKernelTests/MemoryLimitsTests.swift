// The memory of this machine.

import Foundation
import Testing

@testable import LinuxKernel

@Suite("Limits of memory")
struct MemoryLimitsTests {
    /// A value of /proc/meminfo in bytes.
    private func figure(_ name: String) throws -> UInt64 {
        let text = try String(contentsOfFile: "/proc/meminfo", encoding: .utf8)
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("\(name):") })
        let number = try #require(line.split(separator: " ").dropFirst().first)
        return try #require(UInt64(number)) * 1024
    }

    @Test("installed memory is what the kernel manages")
    func installed() throws { #expect(try MemoryLimits.installedByteCount == figure("MemTotal")) }

    @Test("available memory is at most the total, and at most the group's limit")
    func now() {
        let now = MemoryLimits.memoryNow()
        #expect(now.totalByteCount <= MemoryLimits.installedByteCount)
        #expect(now.availableByteCount <= now.totalByteCount)
        #expect(now.totalByteCount <= MemoryLimits.controlGroupLimit())
        #expect(now.availableByteCount > 0)
    }

    @Test("memory and swap can be committed, unless the group's limit is lower")
    func committable() throws {
        let machine = try figure("MemTotal") + figure("SwapTotal")
        #expect(
            MemoryLimits.committableByteCount() == min(machine, MemoryLimits.controlGroupLimit()))
    }

    @Test("overcommit is strict where the kernel's setting is 2")
    func strict() throws {
        let text = try String(
            contentsOfFile: "/proc/sys/vm/overcommit_memory", encoding: .utf8)
        #expect(MemoryLimits.isOvercommitStrict == (text == "2\n"))
    }
}
