// The size of large pages. Their use needs a privilege that no process here has.

import CWin32

enum LargePage {
    /// 2 MiB on x86-64 and on arm64 with 4 KiB pages (behaviour 1.1).
    static let byteCount: UInt = 2 << 20
}

@_cdecl("GetLargePageMinimum") @implementation
public func GetLargePageMinimum() -> SIZE_T { LargePage.byteCount }
