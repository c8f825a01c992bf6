// VirtualAlloc2 and VirtualAllocExNuma: VirtualAlloc with limits on the addresses, a preferred node, or
// placeholders (behaviour 3.63, 10A to 10C).

import AddressSpace
import CWin32
import LinuxKernel
import MemoryManager

@_cdecl("VirtualAlloc2") @implementation
public func VirtualAlloc2(
    _ Process: HANDLE?, _ BaseAddress: PVOID?, _ Size: SIZE_T, _ AllocationType: ULONG,
    _ PageProtection: ULONG, _ ExtendedParameters: UnsafeMutablePointer<MEM_EXTENDED_PARAMETER>?,
    _ ParameterCount: ULONG
) -> PVOID? {
    do throws(MemoryError) {
        let process = unsafe Process ?? ProcessHandle.current
        let extended = unsafe try Win32.ExtendedParameters(
            ExtendedParameters, count: ParameterCount)
        let base = unsafe try allocate(
            process, UInt(bitPattern: BaseAddress), Size, AllocationType, PageProtection, extended)
        return unsafe PVOID(bitPattern: base)
    } catch {
        return unsafe fail(error, nil)
    }
}

@_cdecl("VirtualAllocExNuma") @implementation
public func VirtualAllocExNuma(
    _ hProcess: HANDLE?, _ lpAddress: LPVOID?, _ dwSize: SIZE_T, _ flAllocationType: DWORD,
    _ flProtect: DWORD, _ nndPreferred: DWORD
) -> LPVOID? {
    do throws(MemoryError) {
        var extended = ExtendedParameters()
        if nndPreferred != NUMA_NO_PREFERRED_NODE {
            extended.node = try NumaNode.existing(nndPreferred)
        }
        let base = unsafe try allocate(
            hProcess, UInt(bitPattern: lpAddress), dwSize, flAllocationType, flProtect, extended)
        return unsafe LPVOID(bitPattern: base)
    } catch {
        return unsafe fail(error, nil)
    }
}

/// VirtualAlloc for the rarer entry points.
@inline(never)
func allocate(
    _ process: HANDLE?, _ address: UInt, _ byteCount: UInt, _ type: DWORD, _ protect: DWORD,
    _ extended: ExtendedParameters
) throws(MemoryError) -> UInt {
    if extended.isUnsupported { throw .notSupported }
    if address != 0 && (address < Page.lowestAddress || extended.hasAddressRequirements) {
        throw .invalidParameter
    }
    guard let protection = PageProtection(flags: protect), !protection.access.isCopyOnWrite,
        let request = AllocationRequest(
            flags: type, protection: protection, of: extended.interface)
    else { throw .invalidParameter }
    let range = try pages(at: address, byteCount, request)
    unsafe try ProcessHandle.require(process)
    var placing = extended.placing
    placing.direction = direction(of: type)
    if address == 0, let node = extended.node, let backed = request.newAddresses {
        placing.pageCount = range.pageCount
        let base = try MemoryManager.shared.reserve(placing, protection, backed, preferring: node)
        ThreadSanitizer.getsMemory()
        return base
    }
    let whole = PageRange(wholePagesIn: address, byteCount: byteCount)
    return try perform(request, on: range, whole, at: address, protection, placing)
}

extension AllocationRequest {
    /// When new pages are committed, if no address is given and the request reserves new ones.
    fileprivate var newAddresses: CommitTiming? {
        switch self {
        case .commit: .atOnce
        // A placeholder has no memory that could be on a node.
        case .reserve(let backed): backed == .never ? nil : backed
        case .replace, .reset, .undoReset, .largePages, .unsupported: nil
        }
    }
}
