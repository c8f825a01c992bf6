// FormatMessageA for system messages, and LocalFree for the buffers that it allocates.

import AddressSpace
import CLinux
import CWin32
import MemoryManager

@_cdecl("FormatMessageA") @implementation
public func FormatMessageA(
    _ dwFlags: DWORD, _ lpSource: LPCVOID?, _ dwMessageId: DWORD, _ dwLanguageId: DWORD,
    _ lpBuffer: LPSTR?, _ nSize: DWORD, _ Arguments: WIN32MEMORY_FORMAT_ARGUMENTS?
) -> DWORD {
    do throws(FormatError) {
        if dwFlags & DWORD(FORMAT_MESSAGE_FROM_SYSTEM) == 0 { throw .invalidParameter }
        guard let text = SystemMessages.text(of: dwMessageId) else { throw .messageNotFound }
        let message = Message(
            text: text,
            lineEnd: dwFlags & DWORD(FORMAT_MESSAGE_MAX_WIDTH_MASK)
                == DWORD(FORMAT_MESSAGE_MAX_WIDTH_MASK) ? " " : "\r\n")
        if dwFlags & DWORD(FORMAT_MESSAGE_ALLOCATE_BUFFER) != 0 {
            try unsafe MessageBuffer.allocate(for: message, least: nSize, storing: lpBuffer)
        } else {
            try unsafe message.write(to: lpBuffer, capacity: nSize)
        }
        return DWORD(message.byteCount)
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

/// A text with the line end that the flags ask for. Our texts have no inserts to expand.
struct Message {
    let text: StaticString
    let lineEnd: StaticString

    var byteCount: Int { text.utf8CodeUnitCount &+ lineEnd.utf8CodeUnitCount }

    /// Writes the text and a NUL to a buffer of `capacity` bytes.
    func write(to buffer: LPSTR?, capacity: DWORD) throws(FormatError) {
        if byteCount >= Int(capacity) { throw .bufferTooSmall }
        do throws(MemoryError) {
            unsafe try CallerMemory.requireWritable(buffer, byteCount: byteCount &+ 1)
        } catch { throw .noAccess }
        guard var next = unsafe buffer else { throw .noAccess }
        unsafe append(text, at: &next)
        unsafe append(lineEnd, at: &next)
        unsafe next.pointee = 0
    }

    private func append(_ part: StaticString, at next: inout LPSTR) {
        for index in 0..<part.utf8CodeUnitCount {
            unsafe next.pointee = CHAR(bitPattern: part.utf8Start[index])
            unsafe next += 1
        }
    }
}
