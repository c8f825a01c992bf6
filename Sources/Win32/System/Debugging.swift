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

private func say(_ text: CharacterText?) {
    if let text { Stream.complain(text) }
}
