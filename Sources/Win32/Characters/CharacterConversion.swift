// MultiByteToWideChar and WideCharToMultiByte.

import AddressSpace
import CWin32

@_cdecl("MultiByteToWideChar") @implementation
public func MultiByteToWideChar(
    _ CodePage: UINT, _ dwFlags: DWORD, _ lpMultiByteStr: LPCCH?, _ cbMultiByte: Int32,
    _ lpWideCharStr: LPWSTR?, _ cchWideChar: Int32
) -> Int32 {
    var isReplaced = false
    return unsafe convert(
        CodePage, dwFlags, lpMultiByteStr, .one, cbMultiByte, lpWideCharStr, .four, cchWideChar,
        &isReplaced)
}

@_cdecl("MultiByteToWideChar_utf16")
public func MultiByteToWideChar_utf16(
    _ CodePage: UINT, _ dwFlags: DWORD, _ lpMultiByteStr: LPCCH?, _ cbMultiByte: Int32,
    _ lpWideCharStr: UnsafeMutableRawPointer?, _ cchWideChar: Int32
) -> Int32 {
    var isReplaced = false
    return unsafe convert(
        CodePage, dwFlags, lpMultiByteStr, .one, cbMultiByte, lpWideCharStr, .two, cchWideChar,
        &isReplaced)
}

@_cdecl("WideCharToMultiByte") @implementation
public func WideCharToMultiByte(
    _ CodePage: UINT, _ dwFlags: DWORD, _ lpWideCharStr: LPCWCH?, _ cchWideChar: Int32,
    _ lpMultiByteStr: LPSTR?, _ cbMultiByte: Int32, _ lpDefaultChar: LPCCH?,
    _ lpUsedDefaultChar: LPBOOL?
) -> Int32 {
    var isReplaced = false
    let count = unsafe convert(
        CodePage, dwFlags, lpWideCharStr, .four, cchWideChar, lpMultiByteStr, .one, cbMultiByte,
        &isReplaced)
    if count != 0 { unsafe lpUsedDefaultChar?.pointee = isReplaced ? 1 : 0 }
    return count
}

@_cdecl("WideCharToMultiByte_utf16")
public func WideCharToMultiByte_utf16(
    _ CodePage: UINT, _ dwFlags: DWORD, _ lpWideCharStr: UnsafeRawPointer?, _ cchWideChar: Int32,
    _ lpMultiByteStr: LPSTR?, _ cbMultiByte: Int32, _ lpDefaultChar: LPCCH?,
    _ lpUsedDefaultChar: LPBOOL?
) -> Int32 {
    var isReplaced = false
    let count = unsafe convert(
        CodePage, dwFlags, lpWideCharStr, .two, cchWideChar, lpMultiByteStr, .one, cbMultiByte,
        &isReplaced)
    if count != 0 { unsafe lpUsedDefaultChar?.pointee = isReplaced ? 1 : 0 }
    return count
}

/// - Parameters:
///   - sourceCount: The number of characters; if negative, up to and including the NUL.
///   - isReplaced: Receives whether a malformed part has become U+FFFD.
@inline(never)
private func convert(
    _ codePage: UINT, _ flags: DWORD, _ source: UnsafeRawPointer?, _ sourceWidth: CharacterWidth,
    _ sourceCount: Int32, _ target: UnsafeMutableRawPointer?, _ targetWidth: CharacterWidth,
    _ capacity: Int32, _ isReplaced: inout Bool
) -> Int32 {
    guard let text = unsafe CharacterText(source, sourceWidth), sourceCount != 0,
        capacity >= 0,
        unsafe capacity == 0
            || (target != nil && target != UnsafeMutableRawPointer(mutating: source))
    else { return fail(.invalidParameter, 0) }
    switch codePage {
    case UINT(CP_UTF8), UINT(CP_ACP), UINT(CP_OEMCP), UINT(CP_THREAD_ACP): break
    default: return fail(.invalidParameter, 0)
    }
    let strict =
        sourceWidth == .one ? DWORD(MB_ERR_INVALID_CHARS) : DWORD(WC_ERR_INVALID_CHARS)
    // MB_PRECOMPOSED changes nothing for UTF-8.
    if flags & ~strict != 0 && !(sourceWidth == .one && flags == DWORD(MB_PRECOMPOSED)) {
        return fail(DWORD(ERROR_INVALID_FLAGS), 0)
    }
    let count = sourceCount < 0 ? text.length &+ 1 : Int(sourceCount)
    let room = capacity == 0 ? Int(Int32.max) : Int(capacity)
    var buffer = unsafe CharacterBuffer(capacity == 0 ? nil : target, targetWidth, capacity: room)
    isReplaced = !buffer.append(text, count: count)
    // In this order (behaviour A15.12).
    if buffer.isOverfull { return fail(DWORD(ERROR_INSUFFICIENT_BUFFER), 0) }
    if isReplaced && flags & strict != 0 { return fail(DWORD(ERROR_NO_UNICODE_TRANSLATION), 0) }
    return Int32(truncatingIfNeeded: buffer.count)
}
