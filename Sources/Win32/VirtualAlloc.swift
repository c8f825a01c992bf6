// VirtualAlloc and VirtualAllocEx: checks in Windows' order (behaviour 3A), then one call down.

import AddressSpace
import CWin32
import MemoryManager

@_optimize(speed)
@_cdecl("VirtualAlloc") @implementation
public func VirtualAlloc(
    _ lpAddress: LPVOID?, _ dwSize: SIZE_T, _ flAllocationType: DWORD, _ flProtect: DWORD
) -> LPVOID? {
    let address = UInt(bitPattern: lpAddress)
    do throws(MemoryError) {
        if address != 0 && address < Page.lowestAddress { throw .invalidParameter }
        guard let protection = PageProtection(flags: flProtect), !protection.access.isCopyOnWrite,
            let request = AllocationRequest(flags: flAllocationType, protection: protection)
        else { throw .invalidParameter }
        let range = try pages(at: address, dwSize, request)
        let whole = PageRange(wholePagesIn: address, byteCount: dwSize)
        let base = try perform(
            request, on: range, whole, at: address, protection,
            Placing(pageCount: 0, direction: direction(of: flAllocationType)))
        return unsafe LPVOID(bitPattern: base)
    } catch {
        return unsafe fail(error, nil)
    }
}

@_cdecl("VirtualAllocEx") @implementation
public func VirtualAllocEx(
    _ hProcess: HANDLE?, _ lpAddress: LPVOID?, _ dwSize: SIZE_T, _ flAllocationType: DWORD,
    _ flProtect: DWORD
) -> LPVOID? {
    do throws(MemoryError) {
        let base = unsafe try allocate(
            hProcess, UInt(bitPattern: lpAddress), dwSize, flAllocationType, flProtect,
            ExtendedParameters())
        return unsafe LPVOID(bitPattern: base)
    } catch {
        return unsafe fail(error, nil)
    }
}
