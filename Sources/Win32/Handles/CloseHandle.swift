// CloseHandle, DuplicateHandle, and the pseudo-handle of the thread.

import AddressSpace
import CWin32
import LinuxKernel

@_cdecl("CloseHandle") @implementation
public func CloseHandle(_ hObject: HANDLE?) -> BOOL {
    do throws(MemoryError) {
        if unsafe !PseudoHandle.contains(hObject) { unsafe try HandleTable.remove(hObject) }
        return BOOL.success
    } catch {
        return fail(error, BOOL.failure)
    }
}

@_cdecl("DuplicateHandle") @implementation
public func DuplicateHandle(
    _ hSourceProcessHandle: HANDLE?, _ hSourceHandle: HANDLE?, _ hTargetProcessHandle: HANDLE?,
    _ lpTargetHandle: LPHANDLE?, _ dwDesiredAccess: DWORD, _ bInheritHandle: BOOL,
    _ dwOptions: DWORD
) -> BOOL {
    let closing = DWORD(DUPLICATE_CLOSE_SOURCE)
    let same = DWORD(DUPLICATE_SAME_ACCESS)
    do throws(MemoryError) {
        if dwOptions & ~(closing | same) != 0 { throw .invalidParameter }
        unsafe try ProcessHandle.require(hSourceProcessHandle, DWORD(PROCESS_DUP_HANDLE))
        var entry = unsafe try PseudoHandle.realEntry(of: hSourceHandle)
        if unsafe dwOptions & closing == 0 || lpTargetHandle != nil {
            unsafe try ProcessHandle.require(hTargetProcessHandle, DWORD(PROCESS_DUP_HANDLE))
            unsafe try CallerMemory.requireWritable(lpTargetHandle, byteCount: 8)
            if dwOptions & same == 0 { entry.rights = dwDesiredAccess }
            let handle = unsafe try HandleTable.insert(entry)
            unsafe CallerMemory.leave(handle, at: lpTargetHandle)
        }
        if unsafe dwOptions & closing != 0 && !PseudoHandle.contains(hSourceHandle) {
            unsafe try HandleTable.remove(hSourceHandle)
        }
        return BOOL.success
    } catch {
        return fail(error, BOOL.failure)
    }
}

@_cdecl("GetCurrentThread") @implementation
public func GetCurrentThread() -> HANDLE? { unsafe HANDLE(bitPattern: PseudoHandle.thread) }

/// Pseudo-handles: constants that need not be opened. Closing them does nothing (behaviour 13.1).
enum PseudoHandle {
    static let process = -1
    static let thread = -2

    /// The session, and three for the tokens of process and thread; no function here accepts them.
    private static let lowest = -6

    static func contains(_ handle: HANDLE?) -> Bool {
        (lowest...process).contains(Int(bitPattern: handle))
    }

    /// The object of `handle`, with the rights that a real handle to it has.
    static func realEntry(of handle: HANDLE?) throws(MemoryError) -> HandleEntry {
        if let entry = unsafe entry(of: handle) { return entry }
        return unsafe try HandleTable.entry(of: handle)
    }

    private static func entry(of handle: HANDLE?) -> HandleEntry? {
        switch Int(bitPattern: handle) {
        case process: HandleEntry(kind: .process, rights: DWORD(PROCESS_ALL_ACCESS))
        case thread:
            HandleEntry(
                kind: .thread, rights: DWORD(THREAD_ALL_ACCESS),
                detail: UInt64(CurrentThread.identifier))
        default: nil
        }
    }
}
