// The memory that this process uses.

import CLinux

package struct ProcessMemory {
    /// Bytes in RAM, now and at the peak.
    package let resident: UInt64
    package let peakResident: UInt64
    /// Bytes of anonymous pages in RAM.
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

    /// Lets the process lock so many bytes, as far as its hard limit allows.
    package static func raiseLockLimit(to byteCount: UInt64) { process_raise_lock_limit(byteCount) }

    /// Asks the kernel to take the pages of the process out of RAM. They keep their contents.
    package static func pageOut() { kernel_page_out_everything() }

    /// Called in the child of a fork, which has a peak of its own.
    @inline(__always)
    package static func forgetPeak() { process_forget_peak() }
}
