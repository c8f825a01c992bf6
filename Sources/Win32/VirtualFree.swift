// VirtualFree and VirtualFreeEx: checks in Windows' order (behaviour 4A), then one call down.

import AddressSpace
import CWin32
import Exceptions
import MemoryManager

@_optimize(speed)
@_cdecl("VirtualFree") @implementation
public func VirtualFree(_ lpAddress: LPVOID?, _ dwSize: SIZE_T, _ dwFreeType: DWORD) -> BOOL {
    // Nothing is left to do after these calls, so that each is a jump.
    if dwFreeType == DWORD(MEM_RELEASE) && dwSize == 0 { return unsafe release(lpAddress) }
    if dwFreeType == DWORD(MEM_DECOMMIT) { return unsafe decommit(lpAddress, dwSize) }
    return unsafe free(ProcessHandle.current, lpAddress, dwSize, dwFreeType)
}

/// What programs do most often: releasing a small block.
@_optimize(speed) @inline(never)
private func release(_ lpAddress: LPVOID?) -> BOOL {
    let address = UInt(bitPattern: lpAddress)
    do throws(MemoryError) {
        if address < Page.endOfApplicationSpace && !FaultSignals.areTakenOver,
            try MemoryManager.shared.releaseAtAGlance(allocationBasedAt: Page.index(of: address))
        {
            MemoryManager.shared.tidyTables()
            return BOOL.success
        }
    } catch {
        return fail(error, BOOL.failure)
    }
    return unsafe free(ProcessHandle.current, lpAddress, 0, DWORD(MEM_RELEASE))
}

/// And decommitting a few pages.
@_optimize(speed) @inline(never)
private func decommit(_ lpAddress: LPVOID?, _ byteCount: UInt) -> BOOL {
    do throws(MemoryError) {
        if !FaultSignals.areTakenOver,
            let pages = pagesToGlance(at: UInt(bitPattern: lpAddress), byteCount),
            try MemoryManager.shared.decommitAtAGlance(pages)
        {
            MemoryManager.shared.tidyTables()
            return BOOL.success
        }
    } catch {
        return fail(error, BOOL.failure)
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
    let address = UInt(bitPattern: address)
    let byteCount = size
    do throws(MemoryError) {
        let isRelease = type == DWORD(MEM_RELEASE)
        if !isRelease && type != DWORD(MEM_DECOMMIT) { throw .invalidParameter }
        if isRelease && byteCount != 0 { throw .invalidParameter }
        if address >= Page.endOfApplicationSpace
            || byteCount > Page.endOfApplicationSpace &- address
        {
            throw .invalidParameter
        }
        unsafe try ProcessHandle.require(process)
        // For crash reports (AddressHistory.swift).
        let block =
            FaultSignals.areTakenOver
            ? MemoryManager.shared.allocation(containing: Page.index(of: address)) : nil
        try free(address, byteCount, isRelease ? .release : .decommit)
        if let block {
            let part = PageRange(spanning: address, byteCount: byteCount) ?? block
            AddressHistory.note(isRelease ? .release : .decommit, part)
        }
        return BOOL.success
    } catch {
        return fail(error, BOOL.failure)
    }
}

enum FreeRequest {
    case decommit
    case release
}

@inline(__always)
func free(
    _ address: UInt, _ byteCount: UInt, _ request: FreeRequest
) throws(MemoryError) {
    let memory = MemoryManager.shared
    let page = Page.index(of: address)
    do throws(MemoryError) {
        if request == .release {
            try memory.release(allocationBasedAt: page)
        } else if let range = PageRange(spanning: address, byteCount: byteCount) {
            try memory.decommit(range)
        } else {
            try memory.decommit(allocationBasedAt: page)
        }
        memory.tidyTables()
    } catch .notAllocated {
        throw memory.refusalToFree(foreignAt: page)
    }
}
