// FormatMessage for system messages and for strings of the caller, and LocalFree for the buffers that it
// allocates.

import AddressSpace
import CWin32
import MemoryManager

@_cdecl("FormatMessageA") @implementation
public func FormatMessageA(
    _ dwFlags: DWORD, _ lpSource: LPCVOID?, _ dwMessageId: DWORD, _ dwLanguageId: DWORD,
    _ lpBuffer: LPSTR?, _ nSize: DWORD, _ Arguments: WIN32MEMORY_FORMAT_ARGUMENTS?
) -> DWORD {
    unsafe FormatRequest(dwFlags, lpSource, dwMessageId, .one, Arguments).answer(lpBuffer, nSize)
}

@_cdecl("FormatMessageW") @implementation
public func FormatMessageW(
    _ dwFlags: DWORD, _ lpSource: LPCVOID?, _ dwMessageId: DWORD, _ dwLanguageId: DWORD,
    _ lpBuffer: LPWSTR?, _ nSize: DWORD, _ Arguments: WIN32MEMORY_FORMAT_ARGUMENTS?
) -> DWORD {
    unsafe FormatRequest(dwFlags, lpSource, dwMessageId, .four, Arguments).answer(lpBuffer, nSize)
}

@_cdecl("FormatMessageW_utf16")
public func FormatMessageW_utf16(
    _ dwFlags: DWORD, _ lpSource: LPCVOID?, _ dwMessageId: DWORD, _ dwLanguageId: DWORD,
    _ lpBuffer: UnsafeMutableRawPointer?, _ nSize: DWORD,
    _ Arguments: WIN32MEMORY_FORMAT_ARGUMENTS?
) -> DWORD {
    unsafe FormatRequest(dwFlags, lpSource, dwMessageId, .two, Arguments).answer(lpBuffer, nSize)
}

/// The arguments of a call, except the buffer.
@safe private struct FormatRequest {
    let flags: DWORD
    let source: LPCVOID?
    let code: DWORD
    let width: CharacterWidth
    let arguments: UnsafeMutableRawPointer?

    init(
        _ flags: DWORD, _ source: LPCVOID?, _ code: DWORD, _ width: CharacterWidth,
        _ arguments: UnsafeMutableRawPointer?
    ) {
        self.flags = flags
        unsafe self.source = unsafe source
        self.code = code
        self.width = width
        unsafe self.arguments = unsafe arguments
    }

    private var allocates: Bool { has(FORMAT_MESSAGE_ALLOCATE_BUFFER) }

    private func has(_ flag: Int32) -> Bool { flags & DWORD(bitPattern: flag) != 0 }

    func answer(_ target: UnsafeMutableRawPointer?, _ size: DWORD) -> DWORD {
        do throws(FormatError) {
            unsafe try checkBuffer(target)
            let message = try Message(message())
            if message.characterCount == 0 {
                if width != .one && !allocates && size > 0 {
                    try unsafe message.write(to: target, capacity: 1)
                }
                throw .nothingToDo
            }
            if allocates {
                try unsafe MessageBuffer.allocate(for: message, least: size, storing: target)
            } else {
                try unsafe message.write(to: target, capacity: size)
            }
            return DWORD(message.characterCount)
        } catch {
            return fail(error.code, 0)
        }
    }

    /// A missing buffer is refused first, with an error for each form of the call (behaviour A15.12). The
    /// pointer to an allocated buffer is null after a failure.
    private func checkBuffer(_ target: UnsafeMutableRawPointer?) throws(FormatError) {
        if unsafe target == nil {
            if width != .one { throw .invalidParameter }
            if allocates { throw .outOfMemory }
        } else if allocates {
            do throws(MemoryError) {
                unsafe try CallerMemory.store(
                    UInt(0), at: target?.assumingMemoryBound(to: UInt.self))
            } catch { throw .noAccess }
        }
    }

    private func message() throws(FormatError) -> MessageText {
        var message: MessageText
        if has(FORMAT_MESSAGE_FROM_STRING) {
            let text = unsafe CharacterText(CallerMemory.unchecked(source), width)
            guard let text else { throw .invalidParameter }
            message = MessageText(text, count: text.length, width: width)
        } else if has(FORMAT_MESSAGE_FROM_SYSTEM) {
            guard let text = SystemMessages.text(of: code) else { throw .messageNotFound }
            message = MessageText(
                CharacterText(text), count: text.utf8CodeUnitCount, width: width)
            message.endsWithLineBreak = true
        } else {
            throw .invalidParameter
        }
        let mask = DWORD(FORMAT_MESSAGE_MAX_WIDTH_MASK)
        let lineWidth = flags & mask
        if lineWidth != 0 { message.lineBreak = " " }
        if lineWidth != mask { message.lineWidth = Int(lineWidth) }
        message.ignoresInserts = has(FORMAT_MESSAGE_IGNORE_INSERTS)
        unsafe message.arguments = unsafe arguments
        if has(FORMAT_MESSAGE_ARGUMENT_ARRAY) { message.argumentForm = .array }
        return message
    }
}

@_cdecl("LocalFree") @implementation
public func LocalFree(_ hMem: HLOCAL?) -> HLOCAL? {
    guard let memory = unsafe hMem else { return nil }
    do throws(MemoryError) {
        try MessageBuffer.free(textAt: UInt(bitPattern: memory))
        return nil
    } catch {
        return unsafe fail(DWORD(ERROR_INVALID_HANDLE), memory)
    }
}

enum FormatError: Error {
    case invalidParameter
    case messageNotFound
    case bufferTooSmall
    case outOfMemory
    case noAccess
    /// The message is empty.
    case nothingToDo

    var code: DWORD {
        switch self {
        case .invalidParameter: DWORD(ERROR_INVALID_PARAMETER)
        case .messageNotFound: DWORD(ERROR_MR_MID_NOT_FOUND)
        case .bufferTooSmall: DWORD(ERROR_INSUFFICIENT_BUFFER)
        case .outOfMemory: DWORD(ERROR_NOT_ENOUGH_MEMORY)
        case .noAccess: DWORD(ERROR_NOACCESS)
        case .nothingToDo: DWORD(ERROR_NO_WORK_DONE)
        }
    }
}

/// A message and its length.
struct Message {
    private let text: MessageText
    var width: CharacterWidth { text.width }

    /// The length in characters, without the NUL.
    let characterCount: Int

    /// - Throws: The same errors as writing the text.
    init(_ text: MessageText) throws(FormatError) {
        self.text = text
        var buffer = unsafe CharacterBuffer(nil, text.width, capacity: 0)
        try text.write(to: &buffer)
        characterCount = buffer.count
    }

    /// Writes the text and a NUL to a buffer of `capacity` characters.
    func write(to target: UnsafeMutableRawPointer?, capacity: DWORD) throws(FormatError) {
        let fits = characterCount < Int(capacity)
        // If a wide text does not fit, its beginning is stored nevertheless (observed).
        if !fits && (width == .one || capacity == 0) { throw .bufferTooSmall }
        let count = fits ? characterCount : Int(capacity) &- 1
        do throws(MemoryError) {
            unsafe try CallerMemory.requireWritable(
                target, byteCount: (count &+ 1) &* width.rawValue)
        } catch { throw .noAccess }
        var buffer = unsafe CharacterBuffer(target, width, capacity: count)
        try text.write(to: &buffer)
        buffer.store(0, at: buffer.writtenCount)
        if !fits { throw .bufferTooSmall }
    }
}
