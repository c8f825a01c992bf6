// NtProtectVirtualMemory and NtQueryVirtualMemory: VirtualProtect and VirtualQuery that return a status.

import AddressSpace
import CWin32
import MemoryManager

@_cdecl("NtProtectVirtualMemory") @implementation
public func NtProtectVirtualMemory(
    _ ProcessHandle: HANDLE?, _ BaseAddress: UnsafeMutablePointer<PVOID?>?, _ RegionSize: PSIZE_T?,
    _ NewProtection: ULONG, _ OldProtection: PULONG?
) -> NTSTATUS {
    guard let protection = PageProtection(flags: NewProtection) else {
        return NativeStatus.value(STATUS_INVALID_PAGE_PROTECTION)
    }
    do throws(MemoryError) {
        unsafe try CallerMemory.requireWritable(BaseAddress, byteCount: 8)
        unsafe try CallerMemory.requireWritable(RegionSize, byteCount: 8)
        unsafe try CallerMemory.requireWritable(OldProtection, byteCount: 4)
        let address = unsafe try CallerMemory.word(at: BaseAddress)
        let byteCount = unsafe try CallerMemory.word(at: RegionSize)
        let range = try ApplicationSpace.pages(at: address, byteCount)
        unsafe try Win32.ProcessHandle.require(ProcessHandle)
        let old = unsafe try protect(range, protection, OldProtection)
        unsafe CallerMemory.leave(old.flags, at: OldProtection)
        unsafe CallerMemory.leave(PVOID(bitPattern: range.base), at: BaseAddress)
        unsafe CallerMemory.leave(range.byteCount, at: RegionSize)
        return NativeStatus.success
    } catch {
        return error.status
    }
}

@_cdecl("NtQueryVirtualMemory") @implementation
public func NtQueryVirtualMemory(
    _ ProcessHandle: HANDLE?, _ BaseAddress: PVOID?,
    _ MemoryInformationClass: MEMORY_INFORMATION_CLASS, _ MemoryInformation: PVOID?,
    _ MemoryInformationLength: SIZE_T, _ ReturnLength: PSIZE_T?
) -> NTSTATUS {
    let buffer = unsafe InformationBuffer(
        MemoryInformation, MemoryInformationLength, ReturnLength)
    let address = UInt(bitPattern: BaseAddress)
    do throws(MemoryError) {
        switch MemoryInformationClass {
        case MemoryBasicInformation:
            unsafe try Win32.MemoryInformation.basic(ProcessHandle, address, buffer)
        case MemoryRegionInformation:
            if unsafe try !Win32.MemoryInformation.allocation(ProcessHandle, address, buffer) {
                return NativeStatus.value(STATUS_INVALID_ADDRESS)
            }
        case MemoryWorkingSetExInformation:
            unsafe try Win32.MemoryInformation.workingSet(ProcessHandle, buffer)
        default: return NativeStatus.value(STATUS_INVALID_INFO_CLASS)
        }
        return NativeStatus.success
    } catch {
        return error.status
    }
}
