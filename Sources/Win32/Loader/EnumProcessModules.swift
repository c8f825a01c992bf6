// EnumProcessModules and GetModuleInformation, each under two names as psapi.h has them.

import AddressSpace
import CLinux
import CWin32

@_cdecl("EnumProcessModules") @implementation
public func EnumProcessModules(
    _ hProcess: HANDLE?, _ lphModule: UnsafeMutablePointer<HMODULE?>?, _ cb: DWORD,
    _ lpcbNeeded: LPDWORD?
) -> BOOL {
    do throws(MemoryError) {
        unsafe try ProcessHandle.require(hProcess, ProcessHandle.query)
        unsafe try CallerMemory.requireWritable(lpcbNeeded, byteCount: 4)
        let capacity = Int(cb / 8)
        if capacity > 0 {
            unsafe try CallerMemory.requireWritable(lphModule, byteCount: capacity &* 8)
        }
        var count = 0
        while let module = Module.at(UInt32(truncatingIfNeeded: count)) {
            if count < capacity { unsafe lphModule?[count] = Module.handle(of: module) }
            count &+= 1
        }
        unsafe lpcbNeeded?.pointee = DWORD(truncatingIfNeeded: count &* 8)
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
        unsafe try ProcessHandle.require(hProcess, ProcessHandle.query)
        guard let module = unsafe Module.named(by: hModule) else { throw .invalidHandle }
        if cb < byteCount {
            setLastError(DWORD(ERROR_INSUFFICIENT_BUFFER))
            return BOOL.failure
        }
        unsafe try CallerMemory.requireWritable(lpmodinfo, byteCount: byteCount)
        unsafe lpmodinfo?.pointee = MODULEINFO(
            lpBaseOfDll: LPVOID(bitPattern: module.base),
            SizeOfImage: DWORD(truncatingIfNeeded: module.byte_count),
            EntryPoint: LPVOID(bitPattern: module.entry))
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
