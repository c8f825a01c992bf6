// GetSystemInfo and GetNativeSystemInfo, the same for a 64-bit process (behaviour 1.14, 2.1, 12.15).

import AddressSpace
import CWin32
import LinuxKernel

@_cdecl("GetSystemInfo") @implementation
public func GetSystemInfo(_ lpSystemInfo: LPSYSTEM_INFO?) { unsafe writeSystemInfo(lpSystemInfo) }

@_cdecl("GetNativeSystemInfo") @implementation
public func GetNativeSystemInfo(_ lpSystemInfo: LPSYSTEM_INFO?) {
    unsafe writeSystemInfo(lpSystemInfo)
}

private func writeSystemInfo(_ buffer: LPSYSTEM_INFO?) {
    do throws(MemoryError) {
        let byteCount = unsafe MemoryLayout<SYSTEM_INFO>.size
        unsafe try CallerMemory.requireWritable(buffer, byteCount: byteCount)
        var info = unsafe systemInfo()
        unsafe CallerMemory.leave(&info, byteCount, at: UInt(bitPattern: buffer))
    } catch {
        // Windows would fault on the store. This library does not fault on a wrong pointer.
        setLastError(error.code)
    }
}

private func systemInfo() -> SYSTEM_INFO {
    var info = unsafe SYSTEM_INFO()
    let usable = Processor.usable
    unsafe info.dwNumberOfProcessors = usable.count
    unsafe info.dwActiveProcessorMask = DWORD_PTR(usable.mask)
    unsafe info.wProcessorArchitecture = Processor.architecture
    unsafe info.dwProcessorType = Processor.type
    unsafe info.dwPageSize = DWORD(Page.byteCount)
    unsafe info.dwAllocationGranularity = DWORD(Page.allocationGranularity)
    unsafe info.lpMinimumApplicationAddress = LPVOID(bitPattern: Page.lowestAddress)
    unsafe info.lpMaximumApplicationAddress = LPVOID(bitPattern: Page.endOfApplicationSpace &- 1)
    let processor = Processor.identity
    unsafe info.wProcessorLevel = processor.level
    unsafe info.wProcessorRevision = processor.revision
    return unsafe info
}
