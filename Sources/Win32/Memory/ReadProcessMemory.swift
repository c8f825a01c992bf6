// ReadProcessMemory and NtReadVirtualMemory (behaviour 12.20 to 12.23).

import AddressSpace
import CWin32
import LinuxKernel

@_cdecl("ReadProcessMemory") @implementation
public func ReadProcessMemory(
    _ hProcess: HANDLE?, _ lpBaseAddress: LPCVOID?, _ lpBuffer: LPVOID?, _ nSize: SIZE_T,
    _ lpNumberOfBytesRead: UnsafeMutablePointer<SIZE_T>?
) -> BOOL {
    let error = unsafe read(hProcess, lpBaseAddress, lpBuffer, nSize, lpNumberOfBytesRead)
    return error.map { fail($0, BOOL.failure) } ?? BOOL.success
}

@_cdecl("NtReadVirtualMemory") @implementation
public func NtReadVirtualMemory(
    _ ProcessHandle: HANDLE?, _ BaseAddress: PVOID?, _ Buffer: PVOID?,
    _ NumberOfBytesToRead: SIZE_T,
    _ NumberOfBytesRead: PSIZE_T?
) -> NTSTATUS {
    let error = unsafe read(
        ProcessHandle, BaseAddress, Buffer, NumberOfBytesToRead, NumberOfBytesRead)
    return error?.status ?? NativeStatus.success
}

/// - Parameter copied: NULL, or receives the number of bytes, also if the call fails.
private func read(
    _ handle: HANDLE?, _ address: UnsafeRawPointer?, _ buffer: UnsafeMutableRawPointer?,
    _ byteCount: UInt, _ copied: PSIZE_T?
) -> MemoryError? {
    var result = ProcessCopyResult.all(0)
    do throws(MemoryError) {
        if unsafe copied != nil { unsafe try CallerMemory.requireWritable(copied, byteCount: 8) }
    } catch {
        return error
    }
    do throws(MemoryError) {
        try ProcessCopy.require(UInt(bitPattern: address), byteCount)
        try ProcessCopy.require(UInt(bitPattern: buffer), byteCount)
        let process = unsafe try ProcessHandle.target(handle, allOf: DWORD(PROCESS_VM_READ))
        if byteCount != 0 {
            result = try ProcessCopy.read(
                process, at: UInt(bitPattern: address), to: UInt(bitPattern: buffer), byteCount)
        }
    } catch {
        result = ProcessCopyResult(byteCount: 0, error: error)
    }
    if unsafe copied != nil { unsafe CallerMemory.leave(result.byteCount, at: copied) }
    return result.error
}
