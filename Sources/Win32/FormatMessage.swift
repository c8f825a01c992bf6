// FormatMessage for system messages, and LocalFree for the buffers that it allocates.

import AddressSpace
import CLinux
import CWin32
import MemoryManager

@_cdecl("FormatMessageA") @implementation
public func FormatMessageA(
    _ dwFlags: DWORD, _ lpSource: LPCVOID?, _ dwMessageId: DWORD, _ dwLanguageId: DWORD,
    _ lpBuffer: LPSTR?, _ nSize: DWORD, _ Arguments: WIN32MEMORY_FORMAT_ARGUMENTS?
) -> DWORD {
    unsafe format(dwFlags, dwMessageId, lpBuffer, .one, nSize)
}

@_cdecl("FormatMessageW") @implementation
public func FormatMessageW(
    _ dwFlags: DWORD, _ lpSource: LPCVOID?, _ dwMessageId: DWORD, _ dwLanguageId: DWORD,
    _ lpBuffer: LPWSTR?, _ nSize: DWORD, _ Arguments: WIN32MEMORY_FORMAT_ARGUMENTS?
) -> DWORD {
    unsafe format(dwFlags, dwMessageId, lpBuffer, .four, nSize)
}

@_cdecl("FormatMessageW_utf16")
public func FormatMessageW_utf16(
    _ dwFlags: DWORD, _ lpSource: LPCVOID?, _ dwMessageId: DWORD, _ dwLanguageId: DWORD,
    _ lpBuffer: UnsafeMutableRawPointer?, _ nSize: DWORD,
    _ Arguments: WIN32MEMORY_FORMAT_ARGUMENTS?
) -> DWORD {
    unsafe format(dwFlags, dwMessageId, lpBuffer, .two, nSize)
}

private func format(
    _ flags: DWORD, _ code: DWORD, _ target: UnsafeMutableRawPointer?, _ width: CharacterWidth,
    _ size: DWORD
) -> DWORD {
    do throws(FormatError) {
        if flags & DWORD(FORMAT_MESSAGE_FROM_SYSTEM) == 0 { throw .invalidParameter }
        guard let text = SystemMessages.text(of: code) else { throw .messageNotFound }
        let hasNoLineBreaks =
            flags & DWORD(FORMAT_MESSAGE_MAX_WIDTH_MASK) == DWORD(FORMAT_MESSAGE_MAX_WIDTH_MASK)
        let message = Message(
            text: text, lineEnd: hasNoLineBreaks ? " " : "\r\n", width: width)
        if flags & DWORD(FORMAT_MESSAGE_ALLOCATE_BUFFER) != 0 {
            try unsafe MessageBuffer.allocate(for: message, least: size, storing: target)
        } else {
            try unsafe message.write(to: target, capacity: size)
        }
        return DWORD(message.characterCount)
    } catch {
        setLastError(error.code)
        return 0
    }
}

@_cdecl("LocalFree") @implementation
public func LocalFree(_ hMem: HLOCAL?) -> HLOCAL? {
    guard let memory = unsafe hMem else { return nil }
    do throws(MemoryError) {
        try MessageBuffer.free(textAt: UInt(bitPattern: memory))
        return nil
    } catch {
        setLastError(DWORD(ERROR_INVALID_HANDLE))
        return unsafe memory
    }
}

enum FormatError: Error {
    case invalidParameter
    case messageNotFound
    case bufferTooSmall
    case outOfMemory
    case noAccess

    var code: DWORD {
        switch self {
        case .invalidParameter: DWORD(ERROR_INVALID_PARAMETER)
        case .messageNotFound: DWORD(ERROR_MR_MID_NOT_FOUND)
        case .bufferTooSmall: DWORD(ERROR_INSUFFICIENT_BUFFER)
        case .outOfMemory: DWORD(ERROR_NOT_ENOUGH_MEMORY)
        case .noAccess: DWORD(ERROR_NOACCESS)
        }
    }
}

/// A text with the line end that the flags ask for. Our texts are ASCII and have no inserts to
/// expand.
struct Message {
    let text: StaticString
    let lineEnd: StaticString
    let width: CharacterWidth

    /// Characters, without the NUL.
    var characterCount: Int { text.utf8CodeUnitCount &+ lineEnd.utf8CodeUnitCount }

    /// Writes the text and a NUL to a buffer of `capacity` characters.
    func write(to target: UnsafeMutableRawPointer?, capacity: DWORD) throws(FormatError) {
        if characterCount >= Int(capacity) { throw .bufferTooSmall }
        do throws(MemoryError) {
            unsafe try CallerMemory.requireWritable(
                target, byteCount: (characterCount &+ 1) &* width.rawValue)
        } catch { throw .noAccess }
        var buffer = unsafe CharacterBuffer(target, width, capacity: characterCount)
        append(text, to: &buffer)
        append(lineEnd, to: &buffer)
        buffer.store(0, at: characterCount)
    }

    private func append(_ part: StaticString, to buffer: inout CharacterBuffer) {
        for index in 0..<part.utf8CodeUnitCount {
            buffer.append(UInt32(unsafe part.utf8Start[index]))
        }
    }
}
