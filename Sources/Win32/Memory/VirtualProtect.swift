// VirtualProtect and VirtualProtectEx: checks in Windows' order (behaviour 5.1), then one call down.

import AddressSpace
import CWin32
import MemoryManager

@_optimize(speed)
@_cdecl("VirtualProtect") @implementation
public func VirtualProtect(
    _ lpAddress: LPVOID?, _ dwSize: SIZE_T, _ flNewProtect: DWORD, _ lpflOldProtect: PDWORD?
) -> BOOL {
    let address = UInt(bitPattern: lpAddress)
    let old = unsafe protectFewPages(address, dwSize, flNewProtect, lpflOldProtect)
    if old != 0 {
        unsafe lpflOldProtect?.pointee = old
        return BOOL.success
    }
    return unsafe protect(
        ProcessHandle.current, lpAddress, dwSize, flNewProtect, lpflOldProtect)
}

/// The most frequent call: a few pages of ours, and the old protection stored to a local variable.
///
/// - Returns: The old protection; zero for all other calls and after a refusal. Nothing was changed then.
@inline(__always)
private func protectFewPages(
    _ address: UInt, _ byteCount: UInt, _ new: DWORD, _ old: PDWORD?
) -> DWORD {
    guard let range = fewPages(at: address, byteCount),
        let protection = PageProtection(flags: new), protection.guardState == .off,
        !protection.access.isCopyOnWrite,
        unsafe CallerMemory.isOnOwnStack(old, byteCount: 4)
    else { return 0 }
    do throws(MemoryError) {
        return try MemoryManager.shared.protect(range, protection.access, .off).flags
    } catch {
        // The general path tries again and reports the error; the pages may be foreign.
        return 0
    }
}

@_cdecl("VirtualProtectEx") @implementation
public func VirtualProtectEx(
    _ hProcess: HANDLE?, _ lpAddress: LPVOID?, _ dwSize: SIZE_T, _ flNewProtect: DWORD,
    _ lpflOldProtect: PDWORD?
) -> BOOL {
    unsafe protect(hProcess, lpAddress, dwSize, flNewProtect, lpflOldProtect)
}

@inline(never)
private func protect(
    _ process: HANDLE?, _ address: LPVOID?, _ size: SIZE_T, _ new: DWORD, _ old: PDWORD?
) -> BOOL {
    do throws(MemoryError) {
        guard let protection = PageProtection(flags: new) else { throw .invalidParameter }
        unsafe try CallerMemory.requireWritable(old, byteCount: 4)
        let range = try ApplicationSpace.pages(at: UInt(bitPattern: address), size)
        unsafe try ProcessHandle.require(process)
        let previous = unsafe try protect(range, protection, old)
        unsafe CallerMemory.leave(previous.flags, at: old)
        return BOOL.success
    } catch {
        return fail(error, BOOL.failure)
    }
}

/// - Parameter old: Receives PAGE_NOACCESS if the state of the pages is the reason of a refusal (behaviour
///   A15.3); otherwise it is not written.
func protect(
    _ range: PageRange, _ protection: PageProtection, _ old: PDWORD?
) throws(MemoryError) -> PageProtection {
    do throws(MemoryError) {
        return try protectAnywhere(range, protection)
    } catch {
        switch error {
        case .notAllocated, .notCommitted, .rangeConflicts:
            unsafe CallerMemory.leave(DWORD(PAGE_NOACCESS), at: old)
        default: break
        }
        throw error
    }
}

@inline(__always)
private func protectAnywhere(
    _ range: PageRange, _ protection: PageProtection
) throws(MemoryError) -> PageProtection {
    let memory = MemoryManager.shared
    do throws(MemoryError) {
        return try memory.protect(range, protection.access, protection.guardState)
    } catch .notAllocated {
        return try memory.protectForeign(range, protection.access, protection.guardState)
    }
}
