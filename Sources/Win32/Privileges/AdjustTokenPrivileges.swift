// AdjustTokenPrivileges: TRUE says only that the call was well-formed; the last error, which it
// always sets, says whether the process has the privileges.

import AddressSpace
import CWin32

@_cdecl("AdjustTokenPrivileges") @implementation
public func AdjustTokenPrivileges(
    _ TokenHandle: HANDLE?, _ DisableAllPrivileges: BOOL, _ NewState: PTOKEN_PRIVILEGES?,
    _ BufferLength: DWORD, _ PreviousState: PTOKEN_PRIVILEGES?, _ ReturnLength: PDWORD?
) -> BOOL {
    do throws(MemoryError) {
        let previous = UnsafeMutableRawPointer(PreviousState)
        let entry = unsafe try HandleTable.entry(of: TokenHandle)
        if entry.kind != .token { throw .invalidHandle }
        let needed =
            unsafe DWORD(TOKEN_ADJUST_PRIVILEGES) | (previous == nil ? 0 : DWORD(TOKEN_QUERY))
        if entry.rights & needed != needed { throw .accessDenied }
        if unsafe previous != nil {
            unsafe try CallerMemory.requireWritable(ReturnLength, byteCount: 4)
        }
        let old = HeldPrivileges.now
        var new = old
        var hasAll = true
        if DisableAllPrivileges != 0 {
            new.enabled = 0
        } else {
            hasAll = unsafe try apply(UnsafeRawPointer(NewState), to: &new)
        }
        if let previous = unsafe previous {
            let isWritten = unsafe try write(
                old, where: old.enabled ^ new.enabled, previous, BufferLength, ReturnLength)
            if !isWritten {
                return fail(DWORD(ERROR_INSUFFICIENT_BUFFER), BOOL.failure)
            }
        }
        new.store()
        setLastError(hasAll ? DWORD(ERROR_SUCCESS) : DWORD(ERROR_NOT_ALL_ASSIGNED))
        return BOOL.success
    } catch {
        return fail(error, BOOL.failure)
    }
}

/// The most entries that a call may have. There are fewer privileges; a program may name some twice.
private let mostPrivileges: UInt32 = 256
/// Size of a LUID_AND_ATTRIBUTES; the first is at offset 4.
private let elementByteCount = 12

/// Applies a TOKEN_PRIVILEGES to `privileges`.
///
/// - Returns: Whether the process has all privileges that it names.
private func apply(
    _ state: UnsafeRawPointer?, to privileges: inout HeldPrivileges
) throws(MemoryError) -> Bool {
    guard let state = unsafe state else { throw .invalidParameter }
    var count: UInt32 = 0
    try CallerMemory.load(&count, at: UInt(bitPattern: state))
    if count > mostPrivileges { throw .invalidParameter }
    unsafe try CallerMemory.requireReadable(state, byteCount: 4 &+ Int(count) &* elementByteCount)
    var hasAll = true
    for index in 0..<Int(count) {
        var element: (UInt64, UInt32) = (0, 0)
        try CallerMemory.load(
            &element, at: UInt(bitPattern: state) &+ UInt(4 &+ index &* elementByteCount))
        let (number, attributes) = element
        let bit: UInt64 = number < 64 ? 1 &<< number : 0
        if privileges.held & bit == 0 {
            hasAll = false
        } else if attributes & DWORD(SE_PRIVILEGE_REMOVED) != 0 {
            privileges.held &= ~bit
            privileges.enabled &= ~bit
        } else if attributes & DWORD(SE_PRIVILEGE_ENABLED) != 0 {
            privileges.enabled |= bit
        } else {
            privileges.enabled &= ~bit
        }
    }
    return hasAll
}

/// Writes the previous state of the privileges in `changed`.
///
/// - Returns: Whether they fit.
private func write(
    _ old: HeldPrivileges, where changed: UInt64, _ target: UnsafeMutableRawPointer,
    _ capacity: DWORD, _ length: PDWORD?
) throws(MemoryError) -> Bool {
    let count = changed.nonzeroBitCount
    let needed = 4 &+ count &* elementByteCount
    unsafe CallerMemory.leave(DWORD(needed), at: length)
    if capacity < needed { return false }
    unsafe try CallerMemory.requireWritable(target, byteCount: needed)
    unsafe CallerMemory.leave(UInt32(count), at: target.assumingMemoryBound(to: UInt32.self))
    var rest = changed
    for index in 0..<count {
        let element = unsafe (target + (4 &+ index &* elementByteCount)).assumingMemoryBound(
            to: (UInt64, UInt32).self)
        let number = UInt64(rest.trailingZeroBitCount)
        let enabled = old.enabled &>> number & 1 == 1 ? DWORD(SE_PRIVILEGE_ENABLED) : 0
        unsafe CallerMemory.leave((number, enabled), at: element)
        rest &= rest &- 1
    }
    return true
}
