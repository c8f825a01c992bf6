// The memory of the machine, or of the control group of the process if its limit is lower.

import AddressSpace
import CLinux

package enum MemoryLimits {
    /// Physical memory in bytes: the total, and what is available now.
    package static func memoryNow() -> (totalByteCount: UInt64, availableByteCount: UInt64) {
        let memory = machineMemory()
        let group = controlGroupUsage()
        let total = min(memory.total_ram, group.limit)
        let left = group.limit > group.used ? group.limit &- group.used : 0
        return (total, min(min(memory.available_ram, left), total))
    }

    /// The RAM that the kernel manages, in bytes.
    package static var installedByteCount: UInt64 {
        machineMemory().total_ram
    }

    /// RAM plus swap in bytes, or the control group's limit if it is lower.
    package static func committableByteCount() -> UInt64 {
        let memory = machineMemory()
        let (machine, overflows) = memory.total_ram.addingReportingOverflow(memory.total_swap)
        let limit = overflows || machine == 0 ? UInt64.max : machine
        return min(limit, controlGroupLimit())
    }

    private static func machineMemory() -> machine_memory {
        var memory = machine_memory()
        unsafe machine_memory_now(&memory)
        return memory
    }

    /// True under vm.overcommit_memory = 2, where writable mappings are charged in full.
    package static var isOvercommitStrict: Bool {
        var text: InlineArray<1, UInt8> = [0]
        var span = text.mutableSpan
        let count = SystemFile.read("/proc/sys/vm/overcommit_memory", into: &span)
        return count == 1 && text[0] == UInt8(ascii: "2")
    }

    /// The lowest limit of the process's control groups, of both versions; `UInt64.max` if none has one.
    /// Bytes.
    package static func controlGroupLimit() -> UInt64 { controlGroupUsage().limit }

    /// The limit and the usage, in bytes, of the process's control group with the lowest limit.
    private static func controlGroupUsage() -> (limit: UInt64, used: UInt64) {
        let none = (limit: UInt64.max, used: UInt64(0))
        let one =
            ControlGroupPath(ofOwnGroup: .one)?
            .tightest("/memory.limit_in_bytes", "/memory.usage_in_bytes") ?? none
        let two =
            ControlGroupPath(ofOwnGroup: .two)?
            .tightest("/memory.max", "/memory.current") ?? none
        return one.limit < two.limit ? one : two
    }
}
