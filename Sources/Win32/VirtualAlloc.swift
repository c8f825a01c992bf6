// VirtualAlloc and VirtualAllocEx: checks in Windows' order (behaviour 3A), then one call down.

import AddressSpace
import CWin32
import Exceptions
import MemoryManager

@_optimize(speed)
@_cdecl("VirtualAlloc") @implementation
public func VirtualAlloc(
    _ lpAddress: LPVOID?, _ dwSize: SIZE_T, _ flAllocationType: DWORD, _ flProtect: DWORD
) -> LPVOID? {
    let address = UInt(bitPattern: lpAddress)
    do throws(MemoryError) {
        let base = try allocateAtAGlance(address, dwSize, flAllocationType, flProtect)
        if base != 0 { return unsafe LPVOID(bitPattern: base) }
    } catch {
        return unsafe fail(error, nil)
    }
    return unsafe allocateThoroughly(address, dwSize, flAllocationType, flProtect)
}

/// The two calls that programs make most often: committing a few pages, reserving and committing a
/// small block.
///
/// - Returns: Zero for all others; then nothing was done.
@inline(__always)
private func allocateAtAGlance(
    _ address: UInt, _ byteCount: UInt, _ type: DWORD, _ protection: DWORD
) throws(MemoryError) -> UInt {
    if protection != DWORD(PAGE_READWRITE) { return 0 }
    guard let pages = pagesToGlance(at: address, byteCount) else { return 0 }
    if address != 0 && type == DWORD(MEM_COMMIT) {
        return try MemoryManager.shared.commitAtAGlance(pages) ? pages.base : 0
    }
    if address == 0 && type == DWORD(MEM_RESERVE | MEM_COMMIT) && !FaultSignals.areTakenOver {
        let placing = Placing(pageCount: pages.pageCount)
        return try MemoryManager.shared.reserveCommittedAtAGlance(placing) ?? 0
    }
    return 0
}

/// The pages that hold the caller's bytes, if these are not many.
@inline(__always)
func pagesToGlance(at address: UInt, _ byteCount: UInt) -> PageRange? {
    // Also what reaches into the end of the address space is for others to refuse.
    if byteCount == 0 || byteCount > LargePage.byteCount
        || address >= Page.endOfApplicationSpace &- LargePage.byteCount
    {
        return nil
    }
    return PageRange(
        from: Page.index(of: address), to: Page.index(of: address &+ byteCount &- 1) &+ 1)
}

@inline(never)
private func allocateThoroughly(
    _ address: UInt, _ byteCount: UInt, _ type: DWORD, _ protection: DWORD
) -> LPVOID? {
    do throws(MemoryError) {
        if address != 0 && address < Page.lowestAddress { throw .invalidParameter }
        guard let protection = PageProtection(flags: protection), !protection.access.isCopyOnWrite,
            let request = AllocationRequest(flags: type, protection: protection)
        else { throw .invalidParameter }
        let range = try pages(at: address, byteCount, request)
        let whole = PageRange(wholePagesIn: address, byteCount: byteCount)
        let base = try perform(
            request, on: range, whole, at: address, protection,
            Placing(pageCount: 0, direction: direction(of: type)))
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
