// GetProcAddress: this library's own functions by name, for programs that look them up.

import AddressSpace
import CWin32
import LinuxKernel

@_cdecl("GetProcAddress") @implementation
public func GetProcAddress(_ hModule: HMODULE?, _ lpProcName: LPCSTR?) -> FARPROC? {
    unsafe function(of: hModule, named: lpProcName, "")
}

/// For programs with 2-byte wide characters: functions that take wide characters have variants for them.
@_cdecl("GetProcAddress_utf16")
public func GetProcAddress_utf16(_ hModule: HMODULE?, _ lpProcName: LPCSTR?) -> FARPROC? {
    unsafe function(of: hModule, named: lpProcName, "_utf16")
}

private func function(
    of handle: HMODULE?, named name: LPCSTR?, _ suffix: StaticString
) -> FARPROC? {
    guard let module = unsafe Module.named(by: handle) else {
        return fail(DWORD(ERROR_MOD_NOT_FOUND), nil)
    }
    if UInt(bitPattern: name) < Page.allocationGranularity {
        return fail(DWORD(ERROR_INVALID_ORDINAL), nil)
    }
    do throws(MemoryError) {
        unsafe try CallerMemory.requireReadable(name, byteCount: 1)
    } catch {
        return fail(error, nil)
    }
    if module.base == Module.ofThisLibrary()?.base {
        let suffix = unsafe UnsafeRawPointer(suffix.utf8Start).assumingMemoryBound(to: CChar.self)
        let address = unsafe LoadedModule.exportedFunction(name, suffix: suffix)
        if address != 0 { return unsafe unsafeBitCast(address, to: FARPROC?.self) }
    }
    return fail(DWORD(ERROR_PROC_NOT_FOUND), nil)
}
