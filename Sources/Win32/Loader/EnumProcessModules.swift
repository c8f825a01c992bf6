// EnumProcessModules and GetModuleInformation, each under the two names of psapi.h.

import AddressSpace
import CWin32
import LinuxKernel

@_cdecl("EnumProcessModules") @implementation
public func EnumProcessModules(
    _ hProcess: HANDLE?, _ lphModule: UnsafeMutablePointer<HMODULE?>?, _ cb: DWORD,
    _ lpcbNeeded: LPDWORD?
) -> BOOL {
    do throws(MemoryError) {
        unsafe try ProcessHandle.requireQueryAndRead(hProcess)
        var count = 0
        while LoadedModule(at: UInt32(truncatingIfNeeded: count)) != nil { count &+= 1 }
        let written = min(count, Int(cb / 8))
        let first = UInt(bitPattern: lphModule)
        for index in 0..<written {
            guard let module = LoadedModule(at: UInt32(truncatingIfNeeded: index)) else { break }
            let slot = unsafe UnsafeMutablePointer<HMODULE?>(bitPattern: first &+ UInt(index) &* 8)
            unsafe try CallerMemory.store(Module.handle(of: module), at: slot)
        }
        // Windows checks the pointer to the count last, after everything else is done (observed).
        unsafe try CallerMemory.store(DWORD(truncatingIfNeeded: count &* 8), at: lpcbNeeded)
        return BOOL.success
    } catch {
        return fail(error, BOOL.failure)
    }
}

@_cdecl("K32EnumProcessModules") @implementation
public func K32EnumProcessModules(
    _ hProcess: HANDLE?, _ lphModule: UnsafeMutablePointer<HMODULE?>?, _ cb: DWORD,
    _ lpcbNeeded: LPDWORD?
) -> BOOL {
    unsafe EnumProcessModules(hProcess, lphModule, cb, lpcbNeeded)
}

@_cdecl("GetModuleInformation") @implementation
public func GetModuleInformation(
    _ hProcess: HANDLE?, _ hModule: HMODULE?, _ lpmodinfo: LPMODULEINFO?, _ cb: DWORD
) -> BOOL {
    let byteCount = unsafe MemoryLayout<MODULEINFO>.size
    do throws(MemoryError) {
        unsafe try ProcessHandle.requireQueryAndRead(hProcess)
        guard let module = unsafe Module.named(by: hModule) else { throw .invalidHandle }
        if cb < byteCount {
            return fail(DWORD(ERROR_INSUFFICIENT_BUFFER), BOOL.failure)
        }
        let information = unsafe MODULEINFO(
            lpBaseOfDll: LPVOID(bitPattern: module.base),
            SizeOfImage: DWORD(truncatingIfNeeded: module.byteCount),
            EntryPoint: LPVOID(bitPattern: module.entry))
        unsafe try CallerMemory.store(information, at: lpmodinfo)
        return BOOL.success
    } catch {
        return fail(error, BOOL.failure)
    }
}

@_cdecl("K32GetModuleInformation") @implementation
public func K32GetModuleInformation(
    _ hProcess: HANDLE?, _ hModule: HMODULE?, _ lpmodinfo: LPMODULEINFO?, _ cb: DWORD
) -> BOOL {
    unsafe GetModuleInformation(hProcess, hModule, lpmodinfo, cb)
}
