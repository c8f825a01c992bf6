// GetEnvironmentStrings, FreeEnvironmentStrings.

import AddressSpace
import CWin32
import LinuxKernel

@_cdecl("GetEnvironmentStrings") @implementation
public func GetEnvironmentStrings() -> LPSTR? {
    unsafe copy(.one)?.assumingMemoryBound(to: CChar.self)
}

@_cdecl("GetEnvironmentStringsA") @implementation
public func GetEnvironmentStringsA() -> LPSTR? {
    unsafe copy(.one)?.assumingMemoryBound(to: CChar.self)
}

@_cdecl("GetEnvironmentStringsW") @implementation
public func GetEnvironmentStringsW() -> LPWSTR? {
    unsafe copy(.four)?.assumingMemoryBound(to: WCHAR.self)
}

@_cdecl("GetEnvironmentStringsW_utf16")
public func GetEnvironmentStringsW_utf16() -> UnsafeMutableRawPointer? {
    unsafe copy(.two)
}

@_cdecl("FreeEnvironmentStringsA") @implementation
public func FreeEnvironmentStringsA(_ penv: LPSTR?) -> BOOL {
    free(UInt(bitPattern: penv))
}

@_cdecl("FreeEnvironmentStringsW") @implementation
public func FreeEnvironmentStringsW(_ penv: LPWSTR?) -> BOOL {
    free(UInt(bitPattern: penv))
}

@_cdecl("FreeEnvironmentStringsW_utf16")
public func FreeEnvironmentStringsW_utf16(_ penv: UnsafeMutableRawPointer?) -> BOOL {
    free(UInt(bitPattern: penv))
}

/// The header before the strings, at the start of a mapping.
private struct Header {
    static let validSignature: UInt = 0x5352_4156_564E_4557
    static let byteCount = 16

    var signature: UInt
    var mappedByteCount: Int
}

/// All variables, each followed by a NUL, and one more NUL.
private func copy(_ width: CharacterWidth) -> UnsafeMutableRawPointer? {
    var measured = unsafe CharacterBuffer(nil, width, capacity: 0)
    append(to: &measured)
    let byteCount = Header.byteCount &+ (measured.count &+ 1) &* width.rawValue
    guard let memory = unsafe ScratchMemory.map(byteCount: byteCount) else {
        return unsafe fail(DWORD(ERROR_NOT_ENOUGH_MEMORY), nil)
    }
    unsafe memory.storeBytes(
        of: Header(signature: Header.validSignature, mappedByteCount: byteCount), as: Header.self)
    let strings = unsafe memory + Header.byteCount
    // A variable that another thread adds meanwhile has no room. The last two characters stay NUL.
    var buffer = unsafe CharacterBuffer(strings, width, capacity: measured.count &- 1)
    append(to: &buffer)
    return unsafe strings
}

private func append(to buffer: inout CharacterBuffer) {
    var index = 0
    while let entry = unsafe CharacterText(ProcessEnvironment.entry(at: index), .one) {
        buffer.append(entry, count: entry.length)
        buffer.append(0)
        index &+= 1
    }
    // Without variables there are two NULs too.
    if index == 0 { buffer.append(0) }
    buffer.append(0)
}

private func free(_ strings: UInt) -> BOOL {
    if strings == 0 { return BOOL.success }
    let base = strings &- UInt(Header.byteCount)
    guard base & (Page.byteCount &- 1) == 0,
        let memory = unsafe UnsafeMutableRawPointer(bitPattern: base),
        case let header = unsafe memory.load(as: Header.self),
        header.signature == Header.validSignature
    else {
        return fail(DWORD(ERROR_INVALID_PARAMETER), BOOL.failure)
    }
    unsafe ScratchMemory.unmap(memory, byteCount: header.mappedByteCount)
    return BOOL.success
}
