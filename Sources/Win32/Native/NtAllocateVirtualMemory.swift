// NtAllocateVirtualMemory: VirtualAlloc that returns a status, and has an address limit (ZeroBits).
// NtAllocateVirtualMemoryEx: VirtualAlloc2 that returns a status.

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
    var extended = ExtendedParameters()
    extended.placing.end = end
    return unsafe allocate(
        ProcessHandle, BaseAddress, RegionSize, AllocationType, Protect, extended)
}

@_cdecl("NtAllocateVirtualMemoryEx") @implementation
public func NtAllocateVirtualMemoryEx(
    _ ProcessHandle: HANDLE?, _ BaseAddress: UnsafeMutablePointer<PVOID?>?, _ RegionSize: PSIZE_T?,
    _ AllocationType: ULONG, _ PageProtection: ULONG,
    _ ExtendedParameters: UnsafeMutablePointer<MEM_EXTENDED_PARAMETER>?,
    _ ExtendedParameterCount: ULONG
) -> NTSTATUS {
    do throws(MemoryError) {
        let extended = unsafe try Win32.ExtendedParameters(
            ExtendedParameters, count: ExtendedParameterCount)
        return unsafe allocate(
            ProcessHandle, BaseAddress, RegionSize, AllocationType, PageProtection, extended)
    } catch {
        return error.status
    }
}

/// The part that both functions share: in/out words.
@inline(never)
private func allocate(
    _ process: HANDLE?, _ baseAddress: UnsafeMutablePointer<PVOID?>?, _ regionSize: PSIZE_T?,
    _ type: ULONG, _ protect: ULONG, _ extended: ExtendedParameters
) -> NTSTATUS {
    if PageProtection(flags: protect).map({ $0.access.isCopyOnWrite }) ?? true {
        return NativeStatus.value(STATUS_INVALID_PAGE_PROTECTION)
    }
    do throws(MemoryError) {
        unsafe try CallerMemory.requireWritable(baseAddress, byteCount: 8)
        unsafe try CallerMemory.requireWritable(regionSize, byteCount: 8)
        let address = unsafe try CallerMemory.word(at: baseAddress)
        let byteCount = unsafe try CallerMemory.word(at: regionSize)
        let base = unsafe try allocate(process, address, byteCount, type, protect, extended)
        unsafe CallerMemory.leave(PVOID(bitPattern: base), at: baseAddress)
        // Checked above to stay in the application's space.
        let limit = (address == 0 ? base : address) &+ byteCount &+ (Page.byteCount &- 1)
        unsafe CallerMemory.leave((limit & ~(Page.byteCount &- 1)) &- base, at: regionSize)
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
