// OutputDebugString, IsDebuggerPresent, DebugBreak.

import CWin32
import LinuxKernel

@_cdecl("OutputDebugStringA") @implementation
public func OutputDebugStringA(_ lpOutputString: LPCSTR?) {
    unsafe say(CharacterText(lpOutputString, .one))
}

@_cdecl("OutputDebugStringW") @implementation
public func OutputDebugStringW(_ lpOutputString: LPCWSTR?) {
    unsafe say(CharacterText(lpOutputString, .four))
}

@_cdecl("OutputDebugStringW_utf16")
public func OutputDebugStringW_utf16(_ lpOutputString: UnsafeRawPointer?) {
    unsafe say(CharacterText(lpOutputString, .two))
}

@_cdecl("IsDebuggerPresent") @implementation
public func IsDebuggerPresent() -> BOOL { CurrentProcess.isTraced ? BOOL.success : BOOL.failure }

@_cdecl("DebugBreak") @implementation
public func DebugBreak() { CurrentProcess.stopForDebugger() }

/// Writes `text` to standard error, in pieces of whole characters.
private func say(_ text: CharacterText?) {
    guard let text else { return }
    let count = text.length
    var index = 0
    var bytes = InlineArray<512, UInt8>(repeating: 0)
    while index < count {
        var span = bytes.mutableSpan
        index = unsafe span.withUnsafeMutableBytes { target in
            var buffer = unsafe CharacterBuffer(target.baseAddress, .one, capacity: target.count)
            var next = index
            while next < count && buffer.count <= target.count &- 4 {
                let scalar = text.scalar(at: next, of: count)
                buffer.append(scalar.scalar)
                next &+= scalar.length
            }
            unsafe StandardError.write(
                target.baseAddress?.assumingMemoryBound(to: CChar.self),
                byteCount: buffer.writtenCount)
            return next
        }
    }
}
