// VirtualAlloc and VirtualAllocEx: checks in Windows' order (behaviour 3A), then one call down.

import AddressSpace
import CWin32
import MemoryManager

// swift-format-ignore: AlwaysUseLowerCamelCase
@_cdecl("VirtualAlloc") @implementation
public func VirtualAlloc(
    _ lpAddress: LPVOID?, _ dwSize: SIZE_T, _ flAllocationType: DWORD, _ flProtect: DWORD
) -> LPVOID? {
    unsafe allocate(ProcessHandle.current, lpAddress, dwSize, flAllocationType, flProtect)
}

// swift-format-ignore: AlwaysUseLowerCamelCase
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
        let direction: Placing.Direction =
            type & DWORD(MEM_TOP_DOWN) == 0 ? .lowestFirst : .highestFirst
        let whole = PageRange(wholePagesIn: address, byteCount: byteCount)
        let base = try perform(request, on: range, whole, at: address, protection, direction)
        return unsafe LPVOID(bitPattern: base)
    } catch {
        return unsafe fail(error, nil)
    }
}

/// The pages that the call is about; with no address, as many pages at the beginning of the space.
///
/// A reservation begins on a granule, everything else on a page (behaviour 3.22 to 3.26).
@inline(__always)
private func pages(
    at address: UInt, _ byteCount: UInt, _ request: AllocationRequest
) throws(MemoryError) -> PageRange {
    let room = Page.endOfApplicationSpace &- max(address, Page.lowestAddress)
    if address >= Page.endOfApplicationSpace || byteCount > room { throw .invalidParameter }
    var base = address
    switch request {
    case .reserve: base = Page.roundedDownToGranularity(address)
    case .largePages:
        if (address | byteCount) & (LargePage.byteCount &- 1) != 0 { throw .invalidParameter }
    case .reset, .undoReset: if address == 0 { throw .invalidParameter }
    case .commit, .unsupported: break
    }
    guard let range = PageRange(spanning: base, byteCount: byteCount &+ (address &- base)),
        byteCount != 0
    else { throw .invalidParameter }
    return range
}

@inline(__always)
private func perform(
    _ request: AllocationRequest, on range: PageRange, _ whole: PageRange?, at address: UInt,
    _ protection: PageProtection, _ direction: Placing.Direction
) throws(MemoryError) -> UInt {
    let memory = MemoryManager.shared
    switch request {
    case .commit where address != 0:
        try memory.commit(range, protection)
    case .commit:
        return try memory.reserve(
            Placing(pageCount: range.pageCount, direction: direction), protection, .atOnce)
    case .reserve(let backed) where address == 0:
        return try memory.reserve(
            Placing(pageCount: range.pageCount, direction: direction), protection, backed)
    case .reserve(let backed):
        if range.limit > Page.endOfReservableSpace { throw .rangeConflicts }
        try memory.reserve(range, protection, backed)
    case .reset:
        try memory.reset(range, whole: whole)
    case .undoReset:
        try memory.undoReset(range, whole: whole)
    case .largePages: throw .privilegeNotHeld
    case .unsupported: throw .notSupported
    }
    return range.base
}
