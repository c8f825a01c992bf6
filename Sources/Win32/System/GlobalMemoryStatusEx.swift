// GlobalMemoryStatusEx (behaviour 1.19, 12.14). A control group's memory limit counts as the machine's.

import AddressSpace
import CWin32
import LinuxKernel
import MemoryManager

@_cdecl("GlobalMemoryStatusEx") @implementation
public func GlobalMemoryStatusEx(_ lpBuffer: LPMEMORYSTATUSEX?) -> BOOL {
    do throws(MemoryError) {
        let byteCount = MemoryLayout<MEMORYSTATUSEX>.size
        unsafe try CallerMemory.requireWritable(lpBuffer, byteCount: byteCount)
        var length: DWORD = 0
        try CallerMemory.load(&length, at: UInt(bitPattern: lpBuffer))
        if length != DWORD(byteCount) { throw .invalidParameter }
        unsafe CallerMemory.leave(memoryStatus(), at: lpBuffer)
        return BOOL.success
    } catch {
        return fail(error, BOOL.failure)
    }
}

private func memoryStatus() -> MEMORYSTATUSEX {
    let memory = MemoryLimits.memoryNow()
    let commit = MemoryManager.shared.commitStatus()
    let space = MemoryManager.shared.addressSpaceStatus()
    var status = MEMORYSTATUSEX()
    status.dwLength = DWORD(MemoryLayout<MEMORYSTATUSEX>.size)
    let used = memory.totalByteCount &- memory.availableByteCount
    let load = memory.totalByteCount / 100 == 0 ? 0 : used / (memory.totalByteCount / 100)
    status.dwMemoryLoad = DWORD(truncatingIfNeeded: min(load, 100))
    status.ullTotalPhys = memory.totalByteCount
    status.ullAvailPhys = memory.availableByteCount
    status.ullTotalPageFile = commit.limit
    status.ullAvailPageFile = commit.available
    status.ullTotalVirtual = space.total
    status.ullAvailVirtual = space.available
    return status
}
