// The FromApp functions: the same calls, except that those which allocate refuse executable memory first
// (behaviour 3.64).

import AddressSpace
import CWin32

private func allowsExecution(_ protect: DWORD) -> Bool {
    protect & DWORD(PAGE_EXECUTE | PAGE_EXECUTE_READ | PAGE_EXECUTE_READWRITE) != 0
        || protect & DWORD(PAGE_EXECUTE_WRITECOPY) != 0
}

@_cdecl("VirtualAllocFromApp") @implementation
public func VirtualAllocFromApp(
    _ BaseAddress: PVOID?, _ Size: SIZE_T, _ AllocationType: ULONG, _ Protection: ULONG
) -> PVOID? {
    if allowsExecution(Protection) { return unsafe fail(.invalidParameter, nil) }
    return unsafe VirtualAlloc(BaseAddress, Size, AllocationType, Protection)
}

@_cdecl("VirtualAlloc2FromApp") @implementation
public func VirtualAlloc2FromApp(
    _ Process: HANDLE?, _ BaseAddress: PVOID?, _ Size: SIZE_T, _ AllocationType: ULONG,
    _ PageProtection: ULONG, _ ExtendedParameters: UnsafeMutablePointer<MEM_EXTENDED_PARAMETER>?,
    _ ParameterCount: ULONG
) -> PVOID? {
    if allowsExecution(PageProtection) { return unsafe fail(.invalidParameter, nil) }
    return unsafe VirtualAlloc2(
        Process, BaseAddress, Size, AllocationType, PageProtection, ExtendedParameters,
        ParameterCount)
}

@_cdecl("VirtualProtectFromApp") @implementation
public func VirtualProtectFromApp(
    _ Address: PVOID?, _ Size: SIZE_T, _ NewProtection: ULONG, _ OldProtection: PULONG?
) -> BOOL {
    unsafe VirtualProtect(Address, Size, NewProtection, OldProtection)
}
