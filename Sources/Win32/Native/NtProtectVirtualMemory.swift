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
    let byteCount = unsafe MemoryLayout<MEMORY_BASIC_INFORMATION>.size
    if MemoryInformationClass != MemoryBasicInformation {
        return NativeStatus.value(STATUS_INVALID_INFO_CLASS)
    }
    do throws(MemoryError) {
        if MemoryInformationLength < UInt(byteCount) { throw .lengthMismatch }
        unsafe try CallerMemory.requireWritable(MemoryInformation, byteCount: byteCount)
        if unsafe ReturnLength != nil {
            unsafe try CallerMemory.requireWritable(ReturnLength, byteCount: 8)
        }
        let region = unsafe try region(at: UInt(bitPattern: BaseAddress), of: ProcessHandle)
        let information = unsafe MemoryInformation?.assumingMemoryBound(
            to: MEMORY_BASIC_INFORMATION.self)
        unsafe CallerMemory.leave(MEMORY_BASIC_INFORMATION(region), at: information)
        if unsafe ReturnLength != nil {
            unsafe CallerMemory.leave(SIZE_T(byteCount), at: ReturnLength)
        }
        return NativeStatus.success
    } catch {
        return error.status
    }
}
