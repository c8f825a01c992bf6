// VirtualProtect and VirtualProtectEx: checks in Windows' order (behaviour 5.1), then one call down.

import AddressSpace
import CWin32
import Exceptions
import MemoryManager

@_optimize(speed)
@_cdecl("VirtualProtect") @implementation
public func VirtualProtect(
    _ lpAddress: LPVOID?, _ dwSize: SIZE_T, _ flNewProtect: DWORD, _ lpflOldProtect: PDWORD?
) -> BOOL {
    unsafe protect(ProcessHandle.current, lpAddress, dwSize, flNewProtect, lpflOldProtect)
}

@_cdecl("VirtualProtectEx") @implementation
public func VirtualProtectEx(
    _ hProcess: HANDLE?, _ lpAddress: LPVOID?, _ dwSize: SIZE_T, _ flNewProtect: DWORD,
    _ lpflOldProtect: PDWORD?
) -> BOOL {
    unsafe protect(hProcess, lpAddress, dwSize, flNewProtect, lpflOldProtect)
}

@inline(__always)
private func protect(
    _ process: HANDLE?, _ address: LPVOID?, _ size: SIZE_T, _ new: DWORD, _ old: PDWORD?
) -> BOOL {
    let address = UInt(bitPattern: address)
    let byteCount = size
    do throws(MemoryError) {
        guard let protection = PageProtection(flags: new) else { throw .invalidParameter }
        unsafe try CallerMemory.requireWritable(old, byteCount: 4)
        guard address < Page.endOfApplicationSpace,
            byteCount <= Page.endOfApplicationSpace &- address,
            let range = PageRange(spanning: address, byteCount: byteCount)
        else { throw .invalidParameter }
        unsafe try ProcessHandle.require(process)
        if protection.guardState == .armed { FaultSignals.takeOver() }
        let previous = try protect(range, protection)
        unsafe old?.pointee = previous.flags
        return BOOL.success
    } catch {
        return fail(error, BOOL.failure)
    }
}

@inline(__always)
func protect(
    _ range: PageRange, _ protection: PageProtection
) throws(MemoryError) -> PageProtection {
    let memory = MemoryManager.shared
    do throws(MemoryError) {
        if protection.access.isCopyOnWrite && memory.isOurs(range.start) { throw .invalidParameter }
        return try memory.protect(range, protection.access, protection.guardState)
    } catch .notAllocated {
        return try memory.protectForeign(range, protection.access, protection.guardState)
    }
}
