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
        if byteCount == 0 && request.needsByteCount {
            return NativeStatus.value(STATUS_INVALID_PARAMETER_3)
        }
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
    var freed: UInt = 0
    if let part = PageRange(spanning: address, byteCount: byteCount) {
        freed = part.byteCount
    } else if request == .release {
        freed = MemoryManager.shared.allocation(containing: Page.index(of: address))?.byteCount ?? 0
    }
    try free(address, byteCount, request)
    return freed
}
