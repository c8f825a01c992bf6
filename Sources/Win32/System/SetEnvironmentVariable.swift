// SetEnvironmentVariable.

import CLinux
import CWin32

@_cdecl("SetEnvironmentVariableA") @implementation
public func SetEnvironmentVariableA(_ lpName: LPCSTR?, _ lpValue: LPCSTR?) -> BOOL {
    unsafe set(CharacterText(lpName, .one), CharacterText(lpValue, .one))
}

@_cdecl("SetEnvironmentVariableW") @implementation
public func SetEnvironmentVariableW(_ lpName: LPCWSTR?, _ lpValue: LPCWSTR?) -> BOOL {
    unsafe set(CharacterText(lpName, .four), CharacterText(lpValue, .four))
}

@_cdecl("SetEnvironmentVariableW_utf16")
public func SetEnvironmentVariableW_utf16(
    _ lpName: UnsafeRawPointer?, _ lpValue: UnsafeRawPointer?
) -> BOOL {
    unsafe set(CharacterText(lpName, .two), CharacterText(lpValue, .two))
}

private func set(_ name: CharacterText?, _ value: CharacterText?) -> BOOL {
    let error = setError(name, value)
    if error == 0 { return BOOL.success }
    setLastError(error)
    return BOOL.failure
}

/// The error, or 0.
private func setError(_ name: CharacterText?, _ value: CharacterText?) -> DWORD {
    guard let name else { return DWORD(ERROR_INVALID_PARAMETER) }
    var bytes = InlineArray<256, UInt8>(repeating: 0)
    return unsafe withUnsafeMutableBytes(of: &bytes) { target in
        var buffer = unsafe CharacterBuffer(target.baseAddress, .one, capacity: target.count &- 1)
        buffer.append(name, count: name.length)
        if buffer.isOverfull { return DWORD(ERROR_FILENAME_EXCED_RANGE) }
        let nameBytes = unsafe target.baseAddress!.assumingMemoryBound(to: CChar.self)
        guard let value else { return unsafe process_remove_environment(nameBytes) }
        return unsafe setError(nameBytes, value)
    }
}

private func setError(_ name: UnsafePointer<CChar>, _ value: CharacterText) -> DWORD {
    let capacity = 32768
    guard let memory = unsafe map_zeroed(capacity) else { return DWORD(ERROR_NOT_ENOUGH_MEMORY) }
    var buffer = unsafe CharacterBuffer(memory, .one, capacity: capacity &- 1)
    buffer.append(value, count: value.length)
    let error =
        buffer.isOverfull
        ? DWORD(ERROR_FILENAME_EXCED_RANGE)
        : unsafe process_set_environment(name, memory.assumingMemoryBound(to: CChar.self))
    kernel_unmap(UInt(bitPattern: memory), capacity)
    return error
}
