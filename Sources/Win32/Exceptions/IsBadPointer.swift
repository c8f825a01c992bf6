// IsBadReadPtr, IsBadWritePtr, IsBadCodePtr, IsBadStringPtrA (behaviour 12.16 to 12.19, 8.32).

import AddressSpace
import CWin32
import LinuxKernel
import MemoryManager

@_cdecl("IsBadReadPtr") @implementation
public func IsBadReadPtr(_ lp: UnsafeRawPointer?, _ ucb: UINT_PTR) -> BOOL {
    isBad(UInt(bitPattern: lp), ucb, SafeAccess.canRead) ? BOOL.success : BOOL.failure
}

@_cdecl("IsBadWritePtr") @implementation
public func IsBadWritePtr(_ lp: LPVOID?, _ ucb: UINT_PTR) -> BOOL {
    isBad(UInt(bitPattern: lp), ucb, SafeAccess.canWrite) ? BOOL.success : BOOL.failure
}

@_cdecl("IsBadCodePtr") @implementation
public func IsBadCodePtr(_ lpfn: FARPROC?) -> BOOL {
    let address = unsafe unsafeBitCast(lpfn, to: UInt.self)
    return isBad(address, 1, SafeAccess.canRead) ? BOOL.success : BOOL.failure
}

@_cdecl("IsBadStringPtrA") @implementation
public func IsBadStringPtrA(_ lpsz: LPCSTR?, _ ucchMax: UINT_PTR) -> BOOL {
    guard let text = unsafe lpsz else { return ucchMax == 0 ? BOOL.failure : BOOL.success }
    var checked: UInt = 0
    while checked < ucchMax {
        // Only to the end of the page: the string may end there, and the next page may be bad.
        let address = UInt(bitPattern: text) &+ checked
        let count = min(Page.byteCount &- address % Page.byteCount, ucchMax &- checked)
        if isBad(address, count, SafeAccess.canRead) { return BOOL.success }
        for index in checked..<checked &+ count where unsafe text[Int(bitPattern: index)] == 0 {
            return BOOL.failure
        }
        checked = checked &+ count
    }
    return BOOL.failure
}

/// Whether a byte cannot be accessed, tested from the first on. An armed guard page ends the test and is
/// disarmed.
private func isBad(
    _ address: UInt, _ byteCount: UInt, _ canAccess: (UInt, Int) -> Bool
) -> Bool {
    if byteCount == 0 { return false }
    guard let range = PageRange(spanning: address, byteCount: byteCount) else { return true }
    let memory = MemoryManager.shared
    guard let guardPage = memory.firstArmedGuard(in: range) else {
        return !canAccess(address, Int(bitPattern: byteCount))
    }
    let before = Page.address(of: guardPage) &- address
    if guardPage > range.start && !canAccess(address, Int(bitPattern: before)) { return true }
    do throws(MemoryError) {
        if try memory.disarmGuard(at: guardPage) { return true }
    } catch { return true }
    // Another thread has disarmed it, so the test is repeated.
    return isBad(address, byteCount, canAccess)
}
