// DiscardVirtualMemory, OfferVirtualMemory and ReclaimVirtualMemory return an error code (behaviour 7.12 to
// 7.17).

import AddressSpace
import CWin32
import MemoryManager

@_cdecl("DiscardVirtualMemory") @implementation
public func DiscardVirtualMemory(_ VirtualAddress: PVOID?, _ Size: SIZE_T) -> DWORD {
    do throws(MemoryError) {
        try MemoryManager.shared.discard(wholePages(at: UInt(bitPattern: VirtualAddress), Size))
        return DWORD(ERROR_SUCCESS)
    } catch {
        return error.code
    }
}

@_cdecl("OfferVirtualMemory") @implementation
public func OfferVirtualMemory(
    _ VirtualAddress: PVOID?, _ Size: SIZE_T, _ Priority: OFFER_PRIORITY
) -> DWORD {
    do throws(MemoryError) {
        let range = try wholePages(at: UInt(bitPattern: VirtualAddress), Size)
        let priorities = VmOfferPriorityVeryLow.rawValue...VmOfferPriorityNormal.rawValue
        if !priorities.contains(Priority.rawValue) { throw .invalidParameter }
        try MemoryManager.shared.offer(range)
        return DWORD(ERROR_SUCCESS)
    } catch {
        return error.code
    }
}

@_cdecl("ReclaimVirtualMemory") @implementation
public func ReclaimVirtualMemory(_ VirtualAddress: LPCVOID?, _ Size: SIZE_T) -> DWORD {
    do throws(MemoryError) {
        let range = try wholePages(at: UInt(bitPattern: VirtualAddress), Size)
        return try MemoryManager.shared.reclaim(range) ? DWORD(ERROR_SUCCESS) : DWORD(ERROR_BUSY)
    } catch {
        return error.code
    }
}

/// - Throws: `.invalidParameter` unless the range is whole pages of the application's space (7.13).
private func wholePages(at address: UInt, _ byteCount: UInt) throws(MemoryError) -> PageRange {
    if (address | byteCount) % Page.byteCount != 0 { throw .invalidParameter }
    return try ApplicationSpace.pages(at: address, byteCount)
}
