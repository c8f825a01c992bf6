// Process handles. This process is the only one that can be reached.

import AddressSpace
import CWin32
import LinuxKernel

enum ProcessHandle {
    /// The pseudo-handle of this process: (HANDLE)-1.
    @inline(__always) static var current: HANDLE? { unsafe HANDLE(bitPattern: -1) }

    /// - Parameter rights: One of them is needed (behaviour 13.6).
    /// - Throws: `.invalidHandle` for NULL and for every value that we never gave out
    ///   (behaviour 13.3, 13.11); `.accessDenied` if the handle does not have the right.
    @inline(__always)
    static func require(
        _ handle: HANDLE?, _ rights: DWORD = DWORD(PROCESS_VM_OPERATION)
    ) throws(MemoryError) {
        if Int(bitPattern: handle) != -1 { unsafe try requireEntry(of: handle, rights) }
    }

    @inline(never)
    private static func requireEntry(of handle: HANDLE?, _ rights: DWORD) throws(MemoryError) {
        let entry = unsafe try HandleTable.entry(of: handle)
        if entry.kind != .process { throw .invalidHandle }
        if entry.rights & rights == 0 { throw .accessDenied }
    }

    /// The rights that the functions on modules need: to query the process, and to read its memory.
    ///
    /// - Throws: The same errors as `require`.
    static func requireQueryAndRead(_ handle: HANDLE?) throws(MemoryError) {
        unsafe try require(handle, query)
        unsafe try require(handle, DWORD(PROCESS_VM_READ))
    }

    /// The rights of which VirtualQueryEx needs one.
    static let query = DWORD(PROCESS_QUERY_INFORMATION | PROCESS_QUERY_LIMITED_INFORMATION)
}

@_cdecl("GetCurrentProcess") @implementation
public func GetCurrentProcess() -> HANDLE? { unsafe ProcessHandle.current }

@_cdecl("GetCurrentProcessId") @implementation
public func GetCurrentProcessId() -> DWORD { CurrentProcess.identifier }
