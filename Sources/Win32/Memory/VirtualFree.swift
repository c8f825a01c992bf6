// VirtualFree and VirtualFreeEx: checks in Windows' order (behaviour 4A), then one call down.

import AddressSpace
import CWin32
import LinuxKernel
import MemoryManager

@_optimize(speed)
@_cdecl("VirtualFree") @implementation
public func VirtualFree(_ lpAddress: LPVOID?, _ dwSize: SIZE_T, _ dwFreeType: DWORD) -> BOOL {
    // Nothing is left to do after these calls, so that each is a jump.
    if dwFreeType == DWORD(MEM_RELEASE) && dwSize == 0 { return unsafe release(lpAddress) }
    if dwFreeType == DWORD(MEM_DECOMMIT) { return unsafe decommit(lpAddress, dwSize) }
    return unsafe free(ProcessHandle.current, lpAddress, dwSize, dwFreeType)
}

/// The most frequent call: releases a small block.
@_optimize(speed) @inline(never)
private func release(_ lpAddress: LPVOID?) -> BOOL {
    ThreadSanitizer.givesBackMemory()
    let address = UInt(bitPattern: lpAddress)
    do throws(MemoryError) {
        if address >= Page.endOfApplicationSpace { throw .invalidParameter }
        try MemoryManager.shared.releaseCommitted(allocationBasedAt: Page.index(of: address))
        return BOOL.success
    } catch {
        return refuse(error, at: address)
    }
}

/// The second frequent call: decommits a few pages.
@_optimize(speed) @inline(never)
private func decommit(_ lpAddress: LPVOID?, _ byteCount: UInt) -> BOOL {
    ThreadSanitizer.givesBackMemory()
    do throws(MemoryError) {
        if let pages = fewPages(at: UInt(bitPattern: lpAddress), byteCount) {
            try MemoryManager.shared.decommit(pages)
            return BOOL.success
        }
    } catch {
        return refuse(error, at: UInt(bitPattern: lpAddress))
    }
    return unsafe free(ProcessHandle.current, lpAddress, byteCount, DWORD(MEM_DECOMMIT))
}

@_cdecl("VirtualFreeEx") @implementation
public func VirtualFreeEx(
    _ hProcess: HANDLE?, _ lpAddress: LPVOID?, _ dwSize: SIZE_T, _ dwFreeType: DWORD
) -> BOOL {
    unsafe free(hProcess, lpAddress, dwSize, dwFreeType)
}

@inline(never)
private func free(
    _ process: HANDLE?, _ address: LPVOID?, _ size: SIZE_T, _ type: DWORD
) -> BOOL {
    do throws(MemoryError) {
        guard let request = FreeRequest(flags: type), request == .decommit || size == 0 else {
            throw .invalidParameter
        }
        try ApplicationSpace.require(UInt(bitPattern: address), size)
        unsafe try ProcessHandle.require(process)
        try free(UInt(bitPattern: address), size, request)
        return BOOL.success
    } catch {
        return fail(error, BOOL.failure)
    }
}

/// Reports why nothing was freed. Foreign memory has an error of its own.
@inline(never)
private func refuse(_ error: MemoryError, at address: UInt) -> BOOL {
    let isFree = error == .notAllocated
    return fail(
        isFree ? MemoryManager.shared.refusalToFree(foreignAt: Page.index(of: address)) : error,
        BOOL.failure)
}

enum FreeRequest {
    case decommit
    case release

    /// - Returns: `nil` unless `flags` is exactly one of the two.
    init?(flags: DWORD) {
        switch flags {
        case DWORD(MEM_DECOMMIT): self = .decommit
        case DWORD(MEM_RELEASE): self = .release
        default: return nil
        }
    }
}

@inline(__always)
func free(
    _ address: UInt, _ byteCount: UInt, _ request: FreeRequest
) throws(MemoryError) {
    let memory = MemoryManager.shared
    let page = Page.index(of: address)
    ThreadSanitizer.givesBackMemory()
    do throws(MemoryError) {
        if request == .release {
            try memory.release(allocationBasedAt: page)
        } else if let range = PageRange(spanning: address, byteCount: byteCount) {
            try memory.decommit(range)
        } else {
            try memory.decommit(allocationBasedAt: page)
        }
    } catch .notAllocated {
        throw memory.refusalToFree(foreignAt: page)
    }
}
