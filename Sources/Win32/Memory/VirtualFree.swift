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
        guard let request = FreeRequest(flags: type), request.allows(byteCount: size) else {
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
    /// Makes pages a placeholder of their own.
    case preservePlaceholder
    case coalescePlaceholders

    /// - Returns: `nil` unless `flags` is exactly one of the four.
    init?(flags: DWORD) {
        switch flags {
        case DWORD(MEM_DECOMMIT): self = .decommit
        case DWORD(MEM_RELEASE): self = .release
        case DWORD(MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER): self = .preservePlaceholder
        case DWORD(MEM_RELEASE | MEM_COALESCE_PLACEHOLDERS): self = .coalescePlaceholders
        default: return nil
        }
    }

    /// Whether the pages must be named: a size of zero does not stand for all of an allocation (behaviour 10.14,
    /// 10.22).
    var needsByteCount: Bool { self == .preservePlaceholder || self == .coalescePlaceholders }

    /// Whether VirtualFree allows this size (4.1).
    func allows(byteCount: UInt) -> Bool {
        self == .decommit || (byteCount != 0) == needsByteCount
    }
}

/// Carries out `request`.
///
/// - Parameter byteCount: Zero for the whole allocation; then the request is a release or a decommit.
@inline(never)
func free(
    _ address: UInt, _ byteCount: UInt, _ request: FreeRequest
) throws(MemoryError) {
    let memory = MemoryManager.shared
    let page = Page.index(of: address)
    ThreadSanitizer.givesBackMemory()
    do throws(MemoryError) {
        if let range = PageRange(spanning: address, byteCount: byteCount) {
            try free(range, request)
        } else if request == .release {
            try memory.release(allocationBasedAt: page)
        } else {
            try memory.decommit(allocationBasedAt: page)
        }
    } catch .notAllocated {
        throw memory.refusalToFree(foreignAt: page)
    }
}

@inline(never)
private func free(_ range: PageRange, _ request: FreeRequest) throws(MemoryError) {
    let memory = MemoryManager.shared
    switch request {
    case .decommit: try memory.decommit(range)
    case .release: try memory.release(part: range)
    case .preservePlaceholder: try memory.makePlaceholder(of: range)
    case .coalescePlaceholders: try memory.coalescePlaceholders(of: range)
    }
}
