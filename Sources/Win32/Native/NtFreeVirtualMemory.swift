// NtFreeVirtualMemory: VirtualFree that returns a status, and can release a part (behaviour 4D).

import AddressSpace
import CWin32
import LinuxKernel
import MemoryManager

@_cdecl("NtFreeVirtualMemory") @implementation
public func NtFreeVirtualMemory(
    _ ProcessHandle: HANDLE?, _ BaseAddress: UnsafeMutablePointer<PVOID?>?, _ RegionSize: PSIZE_T?,
    _ FreeType: ULONG
) -> NTSTATUS {
    guard let request = FreeRequest(flags: FreeType) else {
        return NativeStatus.value(STATUS_INVALID_PARAMETER_4)
    }
    do throws(MemoryError) {
        unsafe try CallerMemory.requireWritable(BaseAddress, byteCount: 8)
        unsafe try CallerMemory.requireWritable(RegionSize, byteCount: 8)
        let address = unsafe try CallerMemory.word(at: BaseAddress)
        let byteCount = unsafe try CallerMemory.word(at: RegionSize)
        try ApplicationSpace.require(address, byteCount)
        unsafe try Win32.ProcessHandle.require(ProcessHandle)
        let freed = try freePart(address, byteCount, request)
        let base = unsafe PVOID(bitPattern: address & ~(Page.byteCount &- 1))
        unsafe CallerMemory.leave(base, at: BaseAddress)
        unsafe CallerMemory.leave(freed, at: RegionSize)
        return NativeStatus.success
    } catch {
        return error.status
    }
}

/// - Returns: The number of bytes that were freed (behaviour 4.35).
private func freePart(
    _ address: UInt, _ byteCount: UInt, _ request: FreeRequest
) throws(MemoryError) -> UInt {
    let memory = MemoryManager.shared
    let page = Page.index(of: address)
    guard let part = PageRange(spanning: address, byteCount: byteCount) else {
        let whole = memory.allocation(containing: page)?.byteCount ?? 0
        try free(address, 0, request)
        return request == .release ? whole : 0
    }
    ThreadSanitizer.givesBackMemory()
    do throws(MemoryError) {
        switch request {
        case .release: try memory.release(part: part)
        case .decommit: try memory.decommit(part)
        }
    } catch .notAllocated {
        throw memory.refusalToFree(foreignAt: page)
    }
    return part.byteCount
}
