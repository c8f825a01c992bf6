// Process handles, and the processes that they name.

import AddressSpace
import CWin32
import LinuxKernel

enum ProcessHandle {
    /// The pseudo-handle of this process: (HANDLE)-1.
    @inline(__always) static var current: HANDLE? { unsafe HANDLE(bitPattern: -1) }

    /// - Parameter rights: One of them is needed (behaviour 13.6).
    /// - Throws: `.invalidHandle` for NULL and for every value that we never gave out
    ///   (behaviour 13.3, 13.11); `.accessDenied` if the handle does not have the right; `.notSupported` for
    ///   another process.
    @inline(__always)
    static func require(
        _ handle: HANDLE?, _ rights: DWORD = DWORD(PROCESS_VM_OPERATION)
    ) throws(MemoryError) {
        if Int(bitPattern: handle) != -1 { unsafe try requireEntry(of: handle, rights) }
    }

    @inline(never)
    private static func requireEntry(of handle: HANDLE?, _ rights: DWORD) throws(MemoryError) {
        let entry = unsafe try entry(of: handle)
        if entry.rights & rights == 0 { throw .accessDenied }
        if entry.detail != 0 { throw .notSupported }
    }

    private static func entry(of handle: HANDLE?) throws(MemoryError) -> HandleEntry {
        let entry = unsafe try HandleTable.entry(of: handle)
        if entry.kind != .process { throw .invalidHandle }
        return entry
    }

    /// The process of `handle`, which may be another one.
    ///
    /// - Parameter rights: All of them are needed.
    /// - Throws: `.invalidHandle` and `.accessDenied` as above, the second also if the process has ended
    ///   (behaviour 13.9).
    static func target(
        _ handle: HANDLE?, allOf rights: DWORD
    ) throws(MemoryError) -> TargetProcess {
        if Int(bitPattern: handle) == -1 { return .own }
        let entry = unsafe try entry(of: handle)
        if entry.rights & rights != rights { throw .accessDenied }
        return try target(of: entry)
    }

    /// Same as the function above, if one of the rights is enough.
    static func target(
        _ handle: HANDLE?, oneOf rights: DWORD
    ) throws(MemoryError) -> TargetProcess {
        if Int(bitPattern: handle) == -1 { return .own }
        let entry = unsafe try entry(of: handle)
        if entry.rights & rights == 0 { throw .accessDenied }
        return try target(of: entry)
    }

    private static func target(of entry: HandleEntry) throws(MemoryError) -> TargetProcess {
        if entry.detail == 0 { return .own }
        let process = OtherProcess(detail: entry.detail)
        if !process.isStillItself { throw .accessDenied }
        return .other(process)
    }

    /// The identifier of the process, which may have ended.
    ///
    /// - Throws: The same errors as `require`.
    static func identifier(of handle: HANDLE?) throws(MemoryError) -> DWORD {
        if Int(bitPattern: handle) == -1 { return CurrentProcess.identifier }
        let entry = unsafe try entry(of: handle)
        if entry.rights & query == 0 { throw .accessDenied }
        return entry.detail == 0
            ? CurrentProcess.identifier : OtherProcess(detail: entry.detail).identifier
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

/// The detail of a handle to another process.
extension OtherProcess {
    init(detail: UInt64) {
        self.init(
            identifier: UInt32(truncatingIfNeeded: detail),
            start: UInt32(truncatingIfNeeded: detail &>> 32))
    }

    var detail: UInt64 { UInt64(start) &<< 32 | UInt64(identifier) }
}
