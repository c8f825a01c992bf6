// VirtualLock and VirtualUnlock (behaviour 12.1 to 12.5).

import AddressSpace
import CWin32
import MemoryManager

@_cdecl("VirtualLock") @implementation
public func VirtualLock(_ lpAddress: LPVOID?, _ dwSize: SIZE_T) -> BOOL {
    do throws(MemoryError) {
        try MemoryManager.shared.lock(unsafe lockablePages(lpAddress, dwSize))
        return BOOL.success
    } catch {
        return fail(error, BOOL.failure)
    }
}

@_cdecl("VirtualUnlock") @implementation
public func VirtualUnlock(_ lpAddress: LPVOID?, _ dwSize: SIZE_T) -> BOOL {
    do throws(MemoryError) {
        try MemoryManager.shared.unlock(unsafe lockablePages(lpAddress, dwSize))
        return BOOL.success
    } catch {
        return fail(error, BOOL.failure)
    }
}

private func lockablePages(_ address: LPVOID?, _ size: SIZE_T) throws(MemoryError) -> PageRange {
    let address = UInt(bitPattern: address)
    let byteCount = size
    guard address < Page.endOfApplicationSpace,
        byteCount <= Page.endOfApplicationSpace &- address,
        let range = PageRange(spanning: address, byteCount: byteCount)
    else { throw .invalidParameter }
    return range
}
