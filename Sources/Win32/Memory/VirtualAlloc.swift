// VirtualAlloc and VirtualAllocEx: checks in Windows' order (behaviour 3A), then one call down.

import AddressSpace
import CWin32
import LinuxKernel
import MemoryManager

@_optimize(speed)
@_cdecl("VirtualAlloc") @implementation
public func VirtualAlloc(
    _ lpAddress: LPVOID?, _ dwSize: SIZE_T, _ flAllocationType: DWORD, _ flProtect: DWORD
) -> LPVOID? {
    let address = UInt(bitPattern: lpAddress)
    // Nothing is left to do after these calls, so that each is a jump.
    if flProtect == DWORD(PAGE_READWRITE) {
        if flAllocationType == DWORD(MEM_COMMIT) && address != 0 {
            return unsafe commit(address, dwSize)
        }
        if flAllocationType == DWORD(MEM_RESERVE | MEM_COMMIT) && address == 0 {
            return unsafe reserveCommitted(dwSize)
        }
    }
    return unsafe allocateThoroughly(address, dwSize, flAllocationType, flProtect)
}

/// The most frequent call: commits a few pages.
@_optimize(speed) @inline(never)
private func commit(_ address: UInt, _ byteCount: UInt) -> LPVOID? {
    do throws(MemoryError) {
        if address >= Page.lowestAddress, let pages = fewPages(at: address, byteCount) {
            try MemoryManager.shared.commit(pages, PageProtection(.readWrite))
            ThreadSanitizer.getsMemory()
            return unsafe LPVOID(bitPattern: pages.base)
        }
    } catch {
        return unsafe fail(error, nil)
    }
    return unsafe allocateThoroughly(
        address, byteCount, DWORD(MEM_COMMIT), DWORD(PAGE_READWRITE))
}

/// The second frequent call: reserves and commits a small block.
@_optimize(speed) @inline(never)
private func reserveCommitted(_ byteCount: UInt) -> LPVOID? {
    do throws(MemoryError) {
        if let pages = fewPages(at: 0, byteCount),
            let base = try MemoryManager.shared.reserveCommittedInOneCall(pages.pageCount)
        {
            ThreadSanitizer.getsMemory()
            return unsafe LPVOID(bitPattern: base)
        }
    } catch {
        return unsafe fail(error, nil)
    }
    return unsafe allocateThoroughly(
        0, byteCount, DWORD(MEM_RESERVE | MEM_COMMIT), DWORD(PAGE_READWRITE))
}

/// The pages that contain the caller's bytes, if these are at most 2 MiB.
@inline(__always)
func fewPages(at address: UInt, _ byteCount: UInt) -> PageRange? {
    // The general path refuses ranges at the end of the address space.
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
            PlacementRequest(pageCount: 0, direction: direction(of: type)))
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
