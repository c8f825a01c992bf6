// VirtualAlloc and VirtualAllocEx: checks in Windows' order (behaviour 3A), then one call down.

import AddressSpace
import CWin32
import MemoryManager

@_cdecl("VirtualAlloc") @implementation
public func VirtualAlloc(
    _ lpAddress: LPVOID?, _ dwSize: SIZE_T, _ flAllocationType: DWORD, _ flProtect: DWORD
) -> LPVOID? {
    unsafe allocate(ProcessHandle.current, lpAddress, dwSize, flAllocationType, flProtect)
}

@_cdecl("VirtualAllocEx") @implementation
public func VirtualAllocEx(
    _ hProcess: HANDLE?, _ lpAddress: LPVOID?, _ dwSize: SIZE_T, _ flAllocationType: DWORD,
    _ flProtect: DWORD
) -> LPVOID? {
    unsafe allocate(hProcess, lpAddress, dwSize, flAllocationType, flProtect)
}

@inline(__always)
private func allocate(
    _ process: HANDLE?, _ address: LPVOID?, _ size: SIZE_T, _ type: DWORD, _ protect: DWORD
) -> LPVOID? {
    let address = UInt(bitPattern: address)
    let byteCount = size
    do throws(MemoryError) {
        if address != 0 && address < Page.lowestAddress { throw .invalidParameter }
        guard let protection = PageProtection(flags: protect), !protection.access.isCopyOnWrite,
            let request = AllocationRequest(flags: type, protection: protection)
        else { throw .invalidParameter }
        let range = try pages(at: address, byteCount, request)
        unsafe try ProcessHandle.require(process)
        let whole = PageRange(wholePagesIn: address, byteCount: byteCount)
        let base = try perform(
            request, on: range, whole, at: address, protection,
            Placing(pageCount: 0, direction: direction(of: type)))
        return unsafe LPVOID(bitPattern: base)
    } catch {
        return unsafe fail(error, nil)
    }
}
