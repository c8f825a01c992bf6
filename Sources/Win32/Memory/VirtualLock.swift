// VirtualLock and VirtualUnlock (behaviour 12.1 to 12.5).

import AddressSpace
import CWin32
import MemoryManager

@_cdecl("VirtualLock") @implementation
public func VirtualLock(_ lpAddress: LPVOID?, _ dwSize: SIZE_T) -> BOOL {
    do throws(MemoryError) {
        try MemoryManager.shared.lock(
            ApplicationSpace.pages(at: UInt(bitPattern: lpAddress), dwSize))
        return BOOL.success
    } catch {
        return fail(error, BOOL.failure)
    }
}

@_cdecl("VirtualUnlock") @implementation
public func VirtualUnlock(_ lpAddress: LPVOID?, _ dwSize: SIZE_T) -> BOOL {
    do throws(MemoryError) {
        try MemoryManager.shared.unlock(
            ApplicationSpace.pages(at: UInt(bitPattern: lpAddress), dwSize))
        return BOOL.success
    } catch {
        return fail(error, BOOL.failure)
    }
}
