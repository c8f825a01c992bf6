// MessageBox: the text goes to standard error, and the answer is that of the default button.

import CWin32
import LinuxKernel

@_cdecl("MessageBoxA") @implementation
public func MessageBoxA(_ hWnd: HWND?, _ lpText: LPCSTR?, _ lpCaption: LPCSTR?, _ uType: UINT)
    -> Int32
{
    unsafe show(CharacterText(lpText, .one), CharacterText(lpCaption, .one), uType)
}

@_cdecl("MessageBoxW") @implementation
public func MessageBoxW(_ hWnd: HWND?, _ lpText: LPCWSTR?, _ lpCaption: LPCWSTR?, _ uType: UINT)
    -> Int32
{
    unsafe show(CharacterText(lpText, .four), CharacterText(lpCaption, .four), uType)
}

@_cdecl("MessageBoxW_utf16")
public func MessageBoxW_utf16(
    _ hWnd: HWND?, _ lpText: UnsafeRawPointer?, _ lpCaption: UnsafeRawPointer?, _ uType: UINT
) -> Int32 {
    unsafe show(CharacterText(lpText, .two), CharacterText(lpCaption, .two), uType)
}

private func show(_ text: CharacterText?, _ caption: CharacterText?, _ type: UINT) -> Int32 {
    guard let answer = defaultAnswer(type) else {
        return fail(DWORD(ERROR_INVALID_MSGBOX_STYLE), 0)
    }
    Stream.complain(caption ?? CharacterText("Error"))
    Stream.complain(CharacterText(": "))
    if let text { Stream.complain(text) }
    Stream.complain(CharacterText("\n"))
    return answer
}

/// The default button of a message box of `type`; nil if there is no such type. Nobody can end a loop
/// of attempts, so a button that tries again is never the answer.
private func defaultAnswer(_ type: UINT) -> Int32? {
    let isSecond = type & UINT(MB_DEFMASK) == UINT(MB_DEFBUTTON2)
    let isThird = type & UINT(MB_DEFMASK) == UINT(MB_DEFBUTTON3)
    switch Int32(bitPattern: type & UINT(MB_TYPEMASK)) {
    case MB_OK: return IDOK
    case MB_OKCANCEL: return isSecond ? IDCANCEL : IDOK
    case MB_ABORTRETRYIGNORE: return isThird ? IDIGNORE : IDABORT
    case MB_YESNOCANCEL: return isThird ? IDCANCEL : isSecond ? IDNO : IDYES
    case MB_YESNO: return isSecond ? IDNO : IDYES
    case MB_RETRYCANCEL: return IDCANCEL
    case MB_CANCELTRYCONTINUE: return isThird ? IDCONTINUE : IDCANCEL
    default: return nil
    }
}
