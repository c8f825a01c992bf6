// GetEnvironmentVariable.

import CWin32
import LinuxKernel

@_cdecl("GetEnvironmentVariableA") @implementation
public func GetEnvironmentVariableA(_ lpName: LPCSTR?, _ lpBuffer: LPSTR?, _ nSize: DWORD) -> DWORD
{
    unsafe read(CharacterText(lpName, .one), lpBuffer, .one, nSize)
}

@_cdecl("GetEnvironmentVariableW") @implementation
public func GetEnvironmentVariableW(
    _ lpName: LPCWSTR?, _ lpBuffer: LPWSTR?, _ nSize: DWORD
) -> DWORD {
    unsafe read(CharacterText(lpName, .four), lpBuffer, .four, nSize)
}

@_cdecl("GetEnvironmentVariableW_utf16")
public func GetEnvironmentVariableW_utf16(
    _ lpName: UnsafeRawPointer?, _ lpBuffer: UnsafeMutableRawPointer?, _ nSize: DWORD
) -> DWORD {
    unsafe read(CharacterText(lpName, .two), lpBuffer, .two, nSize)
}

private func read(
    _ name: CharacterText?, _ target: UnsafeMutableRawPointer?, _ width: CharacterWidth,
    _ size: DWORD
) -> DWORD {
    guard let value = value(of: name) else {
        return fail(DWORD(ERROR_ENVVAR_NOT_FOUND), 0)
    }
    var measured = unsafe CharacterBuffer(nil, width, capacity: 0)
    measured.append(value, count: value.length)
    let needed = measured.count &+ 1
    var buffer = unsafe CharacterBuffer(target, width, capacity: needed)
    if needed > Int(size) {
        // If the buffer is too small, one for wide characters becomes the empty string, and one for bytes is
        // not changed (A15.19).
        if width != .one && size != 0 { buffer.store(0, at: 0) }
        return DWORD(truncatingIfNeeded: needed)
    }
    // NULL is an access violation, as on Windows.
    unsafe CallerMemory.unchecked(target).storeBytes(of: 0, as: UInt8.self)
    buffer.append(value, count: value.length)
    buffer.store(0, at: buffer.writtenCount)
    return DWORD(truncatingIfNeeded: measured.count)
}

private func value(of name: CharacterText?) -> CharacterText? {
    guard let name else { return nil }
    var bytes = InlineArray<256, UInt8>(repeating: 0)
    var span = bytes.mutableSpan
    return unsafe span.withUnsafeMutableBytes { target in
        // The last byte stays NUL.
        var buffer = unsafe CharacterBuffer(target.baseAddress, .one, capacity: target.count &- 1)
        buffer.append(name, count: name.length)
        if buffer.isOverfull || buffer.count == 0 { return nil }
        return unsafe CharacterText(
            ProcessEnvironment.value(
                of: target.baseAddress?.assumingMemoryBound(to: CChar.self)), .one)
    }
}
