// GetProcessMemoryInfo, under the two names of psapi.h (behaviour 1.22, 12.12).

import AddressSpace
import CWin32
import LinuxKernel
import MemoryManager

@_cdecl("GetProcessMemoryInfo") @implementation
public func GetProcessMemoryInfo(
    _ Process: HANDLE?, _ ppsmemCounters: PPROCESS_MEMORY_COUNTERS?, _ cb: DWORD
) -> BOOL {
    guard let byteCount = byteCount(ofLargestFormIn: Int(cb)) else {
        return fail(DWORD(ERROR_INSUFFICIENT_BUFFER), BOOL.failure)
    }
    do throws(MemoryError) {
        unsafe try ProcessHandle.require(Process, ProcessHandle.query)
        unsafe try CallerMemory.requireWritable(ppsmemCounters, byteCount: byteCount)
        var counters = currentCounters()
        counters.cb = DWORD(byteCount)
        unsafe CallerMemory.leave(&counters, byteCount, at: UInt(bitPattern: ppsmemCounters))
        return BOOL.success
    } catch {
        return fail(error, BOOL.failure)
    }
}

@_cdecl("K32GetProcessMemoryInfo") @implementation
public func K32GetProcessMemoryInfo(
    _ Process: HANDLE?, _ ppsmemCounters: PPROCESS_MEMORY_COUNTERS?, _ cb: DWORD
) -> BOOL {
    unsafe GetProcessMemoryInfo(Process, ppsmemCounters, cb)
}

/// Each form of the structure begins with the shorter ones.
private func byteCount(ofLargestFormIn capacity: Int) -> Int? {
    if capacity >= MemoryLayout<PROCESS_MEMORY_COUNTERS_EX2>.size {
        return MemoryLayout<PROCESS_MEMORY_COUNTERS_EX2>.size
    }
    if capacity >= MemoryLayout<PROCESS_MEMORY_COUNTERS_EX>.size {
        return MemoryLayout<PROCESS_MEMORY_COUNTERS_EX>.size
    }
    let least = MemoryLayout<PROCESS_MEMORY_COUNTERS>.size
    return capacity >= least ? least : nil
}

private func currentCounters() -> PROCESS_MEMORY_COUNTERS_EX2 {
    let memory = ProcessMemory.now()
    let committed = MemoryManager.shared.committedByteCounts()
    var counters = PROCESS_MEMORY_COUNTERS_EX2()
    counters.PageFaultCount = DWORD(truncatingIfNeeded: memory.pageFaultCount)
    counters.PeakWorkingSetSize = SIZE_T(memory.peakResident)
    counters.WorkingSetSize = SIZE_T(memory.resident)
    counters.PagefileUsage = SIZE_T(committed.now)
    counters.PeakPagefileUsage = SIZE_T(committed.peak)
    counters.PrivateUsage = SIZE_T(committed.now)
    counters.PrivateWorkingSetSize = SIZE_T(memory.privateResident)
    return counters
}
