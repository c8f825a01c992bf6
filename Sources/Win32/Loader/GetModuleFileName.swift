// GetModuleFileName: the path of a module's file.

import AddressSpace
import CWin32
import LinuxKernel

@_cdecl("GetModuleFileNameA") @implementation
public func GetModuleFileNameA(_ hModule: HMODULE?, _ lpFilename: LPSTR?, _ nSize: DWORD) -> DWORD {
    unsafe writePath(of: hModule, lpFilename, .one, nSize)
}

@_cdecl("GetModuleFileNameW") @implementation
public func GetModuleFileNameW(_ hModule: HMODULE?, _ lpFilename: LPWSTR?, _ nSize: DWORD) -> DWORD
{
    unsafe writePath(of: hModule, lpFilename, .four, nSize)
}

@_cdecl("GetModuleFileNameW_utf16")
public func GetModuleFileNameW_utf16(
    _ hModule: HMODULE?, _ lpFilename: UnsafeMutableRawPointer?, _ nSize: DWORD
) -> DWORD {
    unsafe writePath(of: hModule, lpFilename, .two, nSize)
}

private func writePath(
    of handle: HMODULE?, _ target: UnsafeMutableRawPointer?, _ width: CharacterWidth, _ size: DWORD
) -> DWORD {
    guard let module = unsafe Module.named(by: handle) else {
        return fail(DWORD(ERROR_MOD_NOT_FOUND), 0)
    }
    if size == 0 { return insufficient(0) }
    let path = unsafe UnsafeRawPointer(bitPattern: module.path)
    guard let text = unsafe CharacterText(path, .one) else { return 0 }
    let length = text.length
    if length > 0 { return unsafe write(text, length, target, width, size) }
    // The longest path that the kernel allows (PATH_MAX).
    var bytes = InlineArray<4096, UInt8>(repeating: 0)
    var span = bytes.mutableSpan
    return unsafe span.withUnsafeMutableBytes { buffer in
        let count = unsafe LoadedModule.programPath(buffer.assumingMemoryBound(to: CChar.self))
        guard let text = unsafe CharacterText(buffer.baseAddress, .one), count > 0 else { return 0 }
        return unsafe write(text, count, target, width, size)
    }
}

/// Writes as much of the path as fits, and always a NUL.
private func write(
    _ path: CharacterText, _ count: Int, _ target: UnsafeMutableRawPointer?,
    _ width: CharacterWidth, _ size: DWORD
) -> DWORD {
    var buffer = unsafe CharacterBuffer(target, width, capacity: Int(size) &- 1)
    buffer.append(path, count: count)
    buffer.store(0, at: buffer.writtenCount)
    return buffer.isOverfull ? insufficient(size) : DWORD(truncatingIfNeeded: buffer.writtenCount)
}

private func insufficient(_ result: DWORD) -> DWORD {
    return fail(DWORD(ERROR_INSUFFICIENT_BUFFER), result)
}
