// LookupPrivilegeValue and OpenProcessToken, which programs call before AdjustTokenPrivileges.

import AddressSpace
import CWin32

@_cdecl("LookupPrivilegeValueA") @implementation
public func LookupPrivilegeValueA(
    _ lpSystemName: LPCSTR?, _ lpName: LPCSTR?, _ lpLuid: PLUID?
) -> BOOL {
    unsafe lookUp(lpSystemName, lpName, .one, lpLuid)
}

@_cdecl("LookupPrivilegeValueW") @implementation
public func LookupPrivilegeValueW(
    _ lpSystemName: LPCWSTR?, _ lpName: LPCWSTR?, _ lpLuid: PLUID?
) -> BOOL {
    unsafe lookUp(lpSystemName, lpName, .four, lpLuid)
}

@_cdecl("LookupPrivilegeValueW_utf16")
public func LookupPrivilegeValueW_utf16(
    _ lpSystemName: UnsafeRawPointer?, _ lpName: UnsafeRawPointer?, _ lpLuid: PLUID?
) -> BOOL {
    unsafe lookUp(lpSystemName, lpName, .two, lpLuid)
}

private func lookUp(
    _ system: UnsafeRawPointer?, _ name: UnsafeRawPointer?, _ width: CharacterWidth, _ luid: PLUID?
) -> BOOL {
    if let system = unsafe CharacterText(system, width), system[0] != 0 {
        return fail(DWORD(RPC_S_SERVER_UNAVAILABLE), BOOL.failure)
    }
    guard let name = unsafe CharacterText(name, width), let number = PrivilegeNames.number(of: name)
    else {
        return fail(DWORD(ERROR_NO_SUCH_PRIVILEGE), BOOL.failure)
    }
    do throws(MemoryError) {
        unsafe try CallerMemory.store(LUID(LowPart: number, HighPart: 0), at: luid)
        return BOOL.success
    } catch {
        return fail(error, BOOL.failure)
    }
}

@_cdecl("OpenProcessToken") @implementation
public func OpenProcessToken(
    _ ProcessHandle: HANDLE?, _ DesiredAccess: DWORD, _ TokenHandle: PHANDLE?
) -> BOOL {
    do throws(MemoryError) {
        unsafe try CallerMemory.requireWritable(TokenHandle, byteCount: 8)
        unsafe try Win32.ProcessHandle.require(ProcessHandle, Win32.ProcessHandle.query)
        let token = unsafe try HandleTable.insert(HandleEntry(kind: .token, rights: DesiredAccess))
        unsafe CallerMemory.leave(token, at: TokenHandle)
        return BOOL.success
    } catch {
        return fail(error, BOOL.failure)
    }
}
