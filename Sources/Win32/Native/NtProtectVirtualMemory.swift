// NtProtectVirtualMemory and NtQueryVirtualMemory: VirtualProtect and VirtualQuery with a status.

import AddressSpace
import CWin32
import Exceptions
import MemoryManager

@_cdecl("NtProtectVirtualMemory") @implementation
public func NtProtectVirtualMemory(
    _ ProcessHandle: HANDLE?, _ BaseAddress: UnsafeMutablePointer<PVOID?>?, _ RegionSize: PSIZE_T?,
    _ NewProtection: ULONG, _ OldProtection: PULONG?
) -> NTSTATUS {
    guard let protection = PageProtection(flags: NewProtection) else {
        return NativeStatus.value(0xC000_0045)
    }
    do throws(MemoryError) {
        unsafe try CallerMemory.requireWritable(BaseAddress, byteCount: 8)
        unsafe try CallerMemory.requireWritable(RegionSize, byteCount: 8)
        unsafe try CallerMemory.requireWritable(OldProtection, byteCount: 4)
        guard let BaseAddress = unsafe BaseAddress, let RegionSize = unsafe RegionSize else {
            throw .noAccess
        }
        let address = unsafe UInt(bitPattern: BaseAddress.pointee)
        let byteCount = unsafe RegionSize.pointee
        guard address < Page.endOfApplicationSpace,
            byteCount <= Page.endOfApplicationSpace &- address,
            let range = PageRange(spanning: address, byteCount: byteCount)
        else { throw .invalidParameter }
        unsafe try Win32.ProcessHandle.require(ProcessHandle)
        let old = try protect(range, protection)
        unsafe OldProtection?.pointee = old.flags
        unsafe BaseAddress.pointee = unsafe PVOID(bitPattern: range.base)
        unsafe RegionSize.pointee = range.byteCount
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
    if MemoryInformationClass != MemoryBasicInformation { return NativeStatus.value(0xC000_0003) }
    do throws(MemoryError) {
        if MemoryInformationLength < UInt(byteCount) { throw .lengthMismatch }
        unsafe try CallerMemory.requireWritable(MemoryInformation, byteCount: byteCount)
        if unsafe ReturnLength != nil {
            unsafe try CallerMemory.requireWritable(ReturnLength, byteCount: 8)
        }
        unsafe try Win32.ProcessHandle.require(ProcessHandle, Win32.ProcessHandle.query)
        let region = try MemoryManager.shared.region(at: UInt(bitPattern: BaseAddress))
        unsafe MemoryInformation?.storeBytes(
            of: MEMORY_BASIC_INFORMATION(region), as: MEMORY_BASIC_INFORMATION.self)
        unsafe ReturnLength?.pointee = SIZE_T(byteCount)
        return NativeStatus.success
    } catch {
        return error.status
    }
}
