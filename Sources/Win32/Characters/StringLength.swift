// lstrlen.

import CWin32

// swift-format-ignore: AlwaysUseLowerCamelCase
@_cdecl("lstrlenA") @implementation
public func lstrlenA(_ lpString: LPCSTR?) -> Int32 { unsafe length(CharacterText(lpString, .one)) }

// swift-format-ignore: AlwaysUseLowerCamelCase
@_cdecl("lstrlenW") @implementation
public func lstrlenW(_ lpString: LPCWSTR?) -> Int32 {
    unsafe length(CharacterText(lpString, .four))
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@_cdecl("lstrlenW_utf16")
public func lstrlenW_utf16(_ lpString: UnsafeRawPointer?) -> Int32 {
    unsafe length(CharacterText(lpString, .two))
}

private func length(_ text: CharacterText?) -> Int32 {
    Int32(truncatingIfNeeded: text?.length ?? 0)
}
