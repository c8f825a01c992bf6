// QueryVirtualMemoryInformation (behaviour 6.24, 6.25).

import AddressSpace
import CWin32

@_cdecl("QueryVirtualMemoryInformation") @implementation
public func QueryVirtualMemoryInformation(
    _ Process: HANDLE?, _ VirtualAddress: LPCVOID?,
    _ MemoryInformationClass: WIN32_MEMORY_INFORMATION_CLASS, _ MemoryInformation: PVOID?,
    _ MemoryInformationSize: SIZE_T, _ ReturnSize: PSIZE_T?
) -> BOOL {
    if MemoryInformationClass != MemoryRegionInfo { return fail(.invalidParameter, BOOL.failure) }
    do throws(MemoryError) {
        let buffer = unsafe InformationBuffer(MemoryInformation, MemoryInformationSize, ReturnSize)
        let address = UInt(bitPattern: VirtualAddress)
        if unsafe try Win32.MemoryInformation.allocation(Process, address, buffer) {
            return BOOL.success
        }
        return fail(
            RtlNtStatusToDosError(NativeStatus.value(STATUS_INVALID_ADDRESS)), BOOL.failure)
    } catch {
        return fail(error, BOOL.failure)
    }
}
