// GetEnvironmentVariable.

import CLinux
import CWin32

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
        setLastError(DWORD(ERROR_ENVVAR_NOT_FOUND))
        return 0
    }
    let capacity = unsafe target == nil ? 0 : Int(size)
    var buffer = unsafe CharacterBuffer(target, width, capacity: capacity &- 1)
    buffer.append(value, count: value.length)
    let count = DWORD(truncatingIfNeeded: buffer.count)
    if capacity == 0 || buffer.isOverfull { return count &+ 1 }
    buffer.store(0, at: buffer.writtenCount)
    return count
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
            process_environment(target.baseAddress?.assumingMemoryBound(to: CChar.self)), .one)
    }
}
