// VirtualQuery and VirtualQueryEx: checks in Windows' order (behaviour 6), then one call down.

import AddressSpace
import CWin32
import LinuxKernel
import MemoryManager

@_optimize(speed)
@_cdecl("VirtualQuery") @implementation
public func VirtualQuery(
    _ lpAddress: LPCVOID?, _ lpBuffer: PMEMORY_BASIC_INFORMATION?, _ dwLength: SIZE_T
) -> SIZE_T {
    unsafe fastQuery(lpAddress, lpBuffer, dwLength)
        ?? query(ProcessHandle.current, lpAddress, lpBuffer, dwLength)
}

@_cdecl("VirtualQueryEx") @implementation
public func VirtualQueryEx(
    _ hProcess: HANDLE?, _ lpAddress: LPCVOID?, _ lpBuffer: PMEMORY_BASIC_INFORMATION?,
    _ dwLength: SIZE_T
) -> SIZE_T {
    unsafe query(hProcess, lpAddress, lpBuffer, dwLength)
}

private var answerByteCount: Int { unsafe MemoryLayout<MEMORY_BASIC_INFORMATION>.size }

/// The most frequent call: memory of ours, and a buffer on the caller's stack.
///
/// - Returns: `nil` if the page is not ours, its region is not on the fast path, or the buffer is elsewhere.
///   Nothing was stored then.
@inline(__always)
private func fastQuery(
    _ address: LPCVOID?, _ buffer: PMEMORY_BASIC_INFORMATION?, _ length: SIZE_T
) -> SIZE_T? {
    let page = Page.index(of: UInt(bitPattern: address))
    guard length >= UInt(bitPattern: answerByteCount), page < Page.endOfMap,
        unsafe CallerMemory.isOnOwnStack(buffer, byteCount: answerByteCount),
        let region = MemoryManager.shared.fastRegion(from: page)
    else { return nil }
    unsafe buffer?.pointee = MEMORY_BASIC_INFORMATION(region)
    return SIZE_T(bitPattern: answerByteCount)
}

@inline(never)
private func query(
    _ process: HANDLE?, _ address: LPCVOID?, _ buffer: PMEMORY_BASIC_INFORMATION?,
    _ length: SIZE_T
) -> SIZE_T {
    do throws(MemoryError) {
        if length < UInt(bitPattern: answerByteCount) { throw .lengthMismatch }
        unsafe try answer(process, address, buffer)
        return SIZE_T(bitPattern: answerByteCount)
    } catch {
        return fail(error, 0)
    }
}

/// - Throws: `.noAccess` before any other error if the answer cannot be stored.
private func answer(
    _ process: HANDLE?, _ address: LPCVOID?, _ buffer: PMEMORY_BASIC_INFORMATION?
) throws(MemoryError) {
    let region: MemoryRegion
    do throws(MemoryError) {
        region = unsafe try Win32.region(at: UInt(bitPattern: address), of: process)
    } catch {
        unsafe try CallerMemory.requireWritable(buffer, byteCount: answerByteCount)
        throw error
    }
    unsafe try CallerMemory.store(MEMORY_BASIC_INFORMATION(region), at: buffer)
}

/// The region of a process, which may be another one.
///
/// - Throws: `.invalidHandle`; `.accessDenied` if the handle has no right to query, the process has ended, or the
///   kernel does not show its memory.
func region(at address: UInt, of process: HANDLE?) throws(MemoryError) -> MemoryRegion {
    switch unsafe try ProcessHandle.target(process, oneOf: ProcessHandle.query) {
    case .own: try MemoryManager.shared.region(at: address)
    case .other(let other): try MemoryManager.shared.region(at: address, of: other)
    }
}

extension MEMORY_BASIC_INFORMATION {
    /// Windows' words for a region (behaviour 6.8 to 6.10).
    @inline(__always)
    init(_ region: MemoryRegion) {
        unsafe self.init()
        unsafe BaseAddress = PVOID(bitPattern: region.base)
        unsafe RegionSize = region.byteCount
        if region.state == .free {
            unsafe State = DWORD(MEM_FREE)
            unsafe Protect = DWORD(PAGE_NOACCESS)
            return
        }
        unsafe AllocationBase = PVOID(bitPattern: region.allocationBase)
        unsafe AllocationProtect = region.initialProtection.flags
        unsafe State = DWORD(MEM_RESERVE)
        if case .committed(let protection) = region.state {
            unsafe State = DWORD(MEM_COMMIT)
            unsafe Protect = protection.flags
        }
        switch region.type {
        case .private: unsafe Type = DWORD(MEM_PRIVATE)
        case .mapped: unsafe Type = DWORD(MEM_MAPPED)
        case .image: unsafe Type = DWORD(MEM_IMAGE)
        }
    }
}
