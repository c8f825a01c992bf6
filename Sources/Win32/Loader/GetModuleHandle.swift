// GetModuleHandle, GetModuleHandleEx, LoadLibrary, LoadLibraryEx, FreeLibrary: modules by name and
// by address, for each width of characters.

import AddressSpace
import CWin32
import LinuxKernel

@_cdecl("GetModuleHandleA") @implementation
public func GetModuleHandleA(_ lpModuleName: LPCSTR?) -> HMODULE? {
    unsafe module(named: lpModuleName, .one, whenNull: .program)
}

@_cdecl("GetModuleHandleW") @implementation
public func GetModuleHandleW(_ lpModuleName: LPCWSTR?) -> HMODULE? {
    unsafe module(named: lpModuleName, .four, whenNull: .program)
}

@_cdecl("GetModuleHandleW_utf16")
public func GetModuleHandleW_utf16(_ lpModuleName: UnsafeRawPointer?) -> HMODULE? {
    unsafe module(named: lpModuleName, .two, whenNull: .program)
}

@_cdecl("LoadLibraryA") @implementation
public func LoadLibraryA(_ lpLibFileName: LPCSTR?) -> HMODULE? {
    unsafe module(named: lpLibFileName, .one, whenNull: .refusal)
}

@_cdecl("LoadLibraryW") @implementation
public func LoadLibraryW(_ lpLibFileName: LPCWSTR?) -> HMODULE? {
    unsafe module(named: lpLibFileName, .four, whenNull: .refusal)
}

@_cdecl("LoadLibraryW_utf16")
public func LoadLibraryW_utf16(_ lpLibFileName: UnsafeRawPointer?) -> HMODULE? {
    unsafe module(named: lpLibFileName, .two, whenNull: .refusal)
}

@_cdecl("LoadLibraryExA") @implementation
public func LoadLibraryExA(_ lpLibFileName: LPCSTR?, _ hFile: HANDLE?, _ dwFlags: DWORD) -> HMODULE?
{
    unsafe load(lpLibFileName, .one, hFile)
}

@_cdecl("LoadLibraryExW") @implementation
public func LoadLibraryExW(
    _ lpLibFileName: LPCWSTR?, _ hFile: HANDLE?, _ dwFlags: DWORD
) -> HMODULE? {
    unsafe load(lpLibFileName, .four, hFile)
}

@_cdecl("LoadLibraryExW_utf16")
public func LoadLibraryExW_utf16(
    _ lpLibFileName: UnsafeRawPointer?, _ hFile: HANDLE?, _ dwFlags: DWORD
) -> HMODULE? {
    unsafe load(lpLibFileName, .two, hFile)
}

@_cdecl("GetModuleHandleExA") @implementation
public func GetModuleHandleExA(
    _ dwFlags: DWORD, _ lpModuleName: LPCSTR?, _ phModule: UnsafeMutablePointer<HMODULE?>?
) -> BOOL {
    unsafe module(dwFlags, lpModuleName, .one, phModule)
}

@_cdecl("GetModuleHandleExW") @implementation
public func GetModuleHandleExW(
    _ dwFlags: DWORD, _ lpModuleName: LPCWSTR?, _ phModule: UnsafeMutablePointer<HMODULE?>?
) -> BOOL {
    unsafe module(dwFlags, lpModuleName, .four, phModule)
}

@_cdecl("GetModuleHandleExW_utf16")
public func GetModuleHandleExW_utf16(
    _ dwFlags: DWORD, _ lpModuleName: UnsafeRawPointer?, _ phModule: UnsafeMutablePointer<HMODULE?>?
) -> BOOL {
    unsafe module(dwFlags, lpModuleName, .two, phModule)
}

@_cdecl("FreeLibrary") @implementation
public func FreeLibrary(_ hLibModule: HMODULE?) -> BOOL {
    if unsafe hLibModule != nil && Module.named(by: hLibModule) != nil { return BOOL.success }
    return fail(DWORD(ERROR_MOD_NOT_FOUND), BOOL.failure)
}

/// The meaning of a NULL name.
private enum NullName {
    case program
    case refusal
}

private func module(
    named name: UnsafeRawPointer?, _ width: CharacterWidth, whenNull: NullName
) -> HMODULE? {
    if let name = unsafe CharacterText(name, width) {
        if SystemLibraryName.matches(name) {
            return unsafe Module.handle(of: Module.ofThisLibrary())
        }
    } else if whenNull == .program {
        return unsafe Module.handle(of: LoadedModule(at: 0))
    }
    return unsafe fail(DWORD(ERROR_MOD_NOT_FOUND), nil)
}

private func load(
    _ name: UnsafeRawPointer?, _ width: CharacterWidth, _ file: HANDLE?
) -> HMODULE? {
    if UInt(bitPattern: file) != 0 { return unsafe fail(.invalidParameter, nil) }
    return unsafe module(named: name, width, whenNull: .refusal)
}

private func module(
    _ flags: DWORD, _ name: UnsafeRawPointer?, _ width: CharacterWidth,
    _ result: UnsafeMutablePointer<HMODULE?>?
) -> BOOL {
    let pin = DWORD(GET_MODULE_HANDLE_EX_FLAG_PIN)
    let unchanged = DWORD(GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT)
    let fromAddress = DWORD(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS)
    guard let result = unsafe result else { return fail(.invalidParameter, BOOL.failure) }
    unsafe result.pointee = nil
    if flags & ~(pin | unchanged | fromAddress) != 0 || flags & (pin | unchanged) == pin | unchanged
    {
        return fail(.invalidParameter, BOOL.failure)
    }
    if flags & fromAddress == 0 {
        unsafe result.pointee = unsafe module(named: name, width, whenNull: .program)
    } else if let found = LoadedModule(containing: UInt(bitPattern: name)) {
        unsafe result.pointee = Module.handle(of: found)
    } else {
        setLastError(DWORD(ERROR_MOD_NOT_FOUND))
    }
    return unsafe result.pointee == nil ? BOOL.failure : BOOL.success
}
