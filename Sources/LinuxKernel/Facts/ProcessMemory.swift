// How much memory this process uses.

import CLinux

package struct ProcessMemory {
    /// In RAM, now and at the most so far. Bytes.
    package let resident: UInt64
    package let peakResident: UInt64
    /// In RAM, of anonymous pages alone. Bytes.
    package let privateResident: UInt64
    /// Page faults since the process began.
    package let pageFaultCount: UInt64

    package static func now() -> ProcessMemory {
        var memory = process_memory()
        unsafe process_memory_now(&memory)
        return ProcessMemory(
            resident: memory.resident, peakResident: memory.peak_resident,
            privateResident: memory.private_resident, pageFaultCount: memory.page_faults)
    }

    /// In the child of a fork, whose peak is its own.
    @inline(__always)
    package static func forgetPeak() { process_forget_peak() }
}
