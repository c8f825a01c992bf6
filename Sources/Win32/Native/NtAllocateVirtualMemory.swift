// NtAllocateVirtualMemory: VirtualAlloc that returns a status, and has an address limit (ZeroBits).

import AddressSpace
import CWin32
import MemoryManager

@_cdecl("NtAllocateVirtualMemory") @implementation
public func NtAllocateVirtualMemory(
    _ ProcessHandle: HANDLE?, _ BaseAddress: UnsafeMutablePointer<PVOID?>?, _ ZeroBits: ULONG_PTR,
    _ RegionSize: PSIZE_T?, _ AllocationType: ULONG, _ Protect: ULONG
) -> NTSTATUS {
    guard let end = limit(ofZeroBits: ZeroBits) else {
        return NativeStatus.value(STATUS_INVALID_PARAMETER_3)
    }
    if PageProtection(flags: Protect).map({ $0.access.isCopyOnWrite }) ?? true {
        return NativeStatus.value(STATUS_INVALID_PAGE_PROTECTION)
    }
    do throws(MemoryError) {
        unsafe try CallerMemory.requireWritable(BaseAddress, byteCount: 8)
        unsafe try CallerMemory.requireWritable(RegionSize, byteCount: 8)
        let address = unsafe try CallerMemory.word(at: BaseAddress)
        let byteCount = unsafe try CallerMemory.word(at: RegionSize)
        var extended = ExtendedParameters()
        extended.placing.end = end
        let base = unsafe try allocate(
            ProcessHandle, address, byteCount, AllocationType, Protect, extended)
        unsafe CallerMemory.leave(PVOID(bitPattern: base), at: BaseAddress)
        // Checked above to stay in the application's space.
        let limit = (address == 0 ? base : address) &+ byteCount &+ (Page.byteCount &- 1)
        unsafe CallerMemory.leave((limit & ~(Page.byteCount &- 1)) &- base, at: RegionSize)
        return NativeStatus.success
    } catch {
        return error.status
    }
}

/// One past the highest address that `ZeroBits` allows; `nil` if it is malformed.
func limit(ofZeroBits bits: UInt) -> UInt? {
    switch bits {
    case 0: return Page.endOfReservableSpace
    case 1...21: return 1 &<< (32 &- bits)
    case 22..<32: return nil
    default:
        let bitCount = UInt(64 &- bits.leadingZeroBitCount)
        return bitCount >= 47 ? Page.endOfReservableSpace : 1 &<< bitCount
    }
}
