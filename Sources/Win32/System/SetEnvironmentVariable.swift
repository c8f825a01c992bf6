// SetEnvironmentVariable.

import CWin32
import LinuxKernel

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
    return error == DWORD(ERROR_SUCCESS) ? BOOL.success : fail(error, BOOL.failure)
}

/// - Returns: The error, or ERROR_SUCCESS.
private func setError(_ name: CharacterText?, _ value: CharacterText?) -> DWORD {
    guard let name else { return DWORD(ERROR_INVALID_PARAMETER) }
    var bytes = InlineArray<256, UInt8>(repeating: 0)
    return unsafe withUnsafeMutableBytes(of: &bytes) { target in
        var buffer = unsafe CharacterBuffer(target.baseAddress, .one, capacity: target.count &- 1)
        buffer.append(name, count: name.length)
        if buffer.isOverfull { return DWORD(ERROR_FILENAME_EXCED_RANGE) }
        let nameBytes = unsafe target.baseAddress!.assumingMemoryBound(to: CChar.self)
        do throws(KernelError) {
            guard let value else {
                unsafe try ProcessEnvironment.remove(nameBytes)
                return DWORD(ERROR_SUCCESS)
            }
            return unsafe try setError(nameBytes, value)
        } catch {
            return refusal(error)
        }
    }
}

private func setError(
    _ name: UnsafePointer<CChar>, _ value: CharacterText
) throws(KernelError) -> DWORD {
    let capacity = 32768
    guard let memory = unsafe ScratchMemory.map(byteCount: capacity) else { throw .outOfMemory }
    defer { unsafe ScratchMemory.unmap(memory, byteCount: capacity) }
    var buffer = unsafe CharacterBuffer(memory, .one, capacity: capacity &- 1)
    buffer.append(value, count: value.length)
    if buffer.isOverfull { return DWORD(ERROR_FILENAME_EXCED_RANGE) }
    unsafe try ProcessEnvironment.set(name, to: memory.assumingMemoryBound(to: CChar.self))
    return DWORD(ERROR_SUCCESS)
}

private func refusal(_ error: KernelError) -> DWORD {
    switch error {
    case .outOfMemory: DWORD(ERROR_NOT_ENOUGH_MEMORY)
    case .notFound: DWORD(ERROR_ENVVAR_NOT_FOUND)
    default: DWORD(ERROR_INVALID_PARAMETER)
    }
}
