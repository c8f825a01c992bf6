// PrefetchVirtualMemory and NtSetInformationVirtualMemory (behaviour 12.6, A12.11).

import AddressSpace
import CWin32
import LinuxKernel

@_cdecl("PrefetchVirtualMemory") @implementation
public func PrefetchVirtualMemory(
    _ hProcess: HANDLE?, _ NumberOfEntries: ULONG_PTR,
    _ VirtualAddresses: PWIN32_MEMORY_RANGE_ENTRY?, _ Flags: ULONG
) -> BOOL {
    if Flags != 0 { return fail(.invalidParameter, BOOL.failure) }
    do throws(PrefetchError) {
        unsafe try prefetch(hProcess, NumberOfEntries, UInt(bitPattern: VirtualAddresses))
        return BOOL.success
    } catch {
        return fail(error.lastError, BOOL.failure)
    }
}

@_cdecl("NtSetInformationVirtualMemory") @implementation
public func NtSetInformationVirtualMemory(
    _ ProcessHandle: HANDLE?, _ VmInformationClass: VIRTUAL_MEMORY_INFORMATION_CLASS,
    _ NumberOfEntries: ULONG_PTR, _ VirtualAddresses: PMEMORY_RANGE_ENTRY?,
    _ VmInformation: PVOID?, _ VmInformationLength: ULONG
) -> NTSTATUS {
    if VmInformationClass != VmPrefetchInformation {
        return NativeStatus.value(STATUS_INVALID_PARAMETER_2)
    }
    if unsafe VmInformation == nil { return NativeStatus.value(STATUS_INVALID_PARAMETER_5) }
    if VmInformationLength != 4 { return NativeStatus.value(STATUS_INVALID_PARAMETER_6) }
    do throws(PrefetchError) {
        var flags: ULONG = 0
        do throws(MemoryError) {
            try CallerMemory.load(&flags, at: UInt(bitPattern: VmInformation))
        } catch {
            throw .memory(error)
        }
        if flags != 0 { return NativeStatus.value(STATUS_INVALID_PARAMETER_5) }
        unsafe try prefetch(ProcessHandle, NumberOfEntries, UInt(bitPattern: VirtualAddresses))
        return NativeStatus.success
    } catch {
        return error.status
    }
}

private enum PrefetchError: Error {
    case noEntries
    case malformedEntry
    case memory(MemoryError)

    var lastError: MemoryError {
        if case .memory(let error) = self { return error }
        return .invalidParameter
    }

    var status: NTSTATUS {
        switch self {
        case .noEntries: NativeStatus.value(STATUS_INVALID_PARAMETER_3)
        case .malformedEntry: NativeStatus.value(STATUS_INVALID_PARAMETER_4)
        case .memory(let error): error.status
        }
    }
}

/// - Parameter entries: The address of WIN32_MEMORY_RANGE_ENTRY structures. MEMORY_RANGE_ENTRY is the same.
private func prefetch(
    _ handle: HANDLE?, _ count: UInt, _ entries: UInt
) throws(PrefetchError) {
    if count == 0 { throw .noEntries }
    // Every entry is checked before the first one has an effect.
    for index in 0..<count { _ = try pages(ofEntry: index, entries) }
    let process: TargetProcess
    do throws(MemoryError) {
        process = unsafe try ProcessHandle.target(handle, allOf: 0)
    } catch {
        throw .memory(error)
    }
    for index in 0..<count { process.prefetch(try pages(ofEntry: index, entries)) }
}

private func pages(ofEntry index: UInt, _ entries: UInt) throws(PrefetchError) -> PageRange {
    var entry = (address: UInt(0), byteCount: UInt(0))
    let byteCount = UInt(bitPattern: MemoryLayout.size(ofValue: entry))
    do throws(MemoryError) {
        try CallerMemory.load(&entry, at: entries &+ index &* byteCount)
    } catch {
        throw .memory(error)
    }
    guard let range = PageRange(spanning: entry.address, byteCount: entry.byteCount) else {
        throw .malformedEntry
    }
    return range
}
