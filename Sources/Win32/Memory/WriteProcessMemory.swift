// WriteProcessMemory and NtWriteVirtualMemory (behaviour 12.24 to 12.28).

import AddressSpace
import CWin32
import LinuxKernel
import MemoryManager

@_cdecl("WriteProcessMemory") @implementation
public func WriteProcessMemory(
    _ hProcess: HANDLE?, _ lpBaseAddress: LPVOID?, _ lpBuffer: LPCVOID?, _ nSize: SIZE_T,
    _ lpNumberOfBytesWritten: UnsafeMutablePointer<SIZE_T>?
) -> BOOL {
    do throws(MemoryError) {
        let request = try WriteRequest(
            UInt(bitPattern: lpBaseAddress), UInt(bitPattern: lpBuffer), nSize)
        let error = unsafe try request.carryOut(hProcess, lpNumberOfBytesWritten, patch)
        return error.map { fail($0, BOOL.failure) } ?? BOOL.success
    } catch {
        return fail(error, BOOL.failure)
    }
}

@_cdecl("NtWriteVirtualMemory") @implementation
public func NtWriteVirtualMemory(
    _ ProcessHandle: HANDLE?, _ BaseAddress: PVOID?, _ Buffer: LPCVOID?,
    _ NumberOfBytesToWrite: SIZE_T,
    _ NumberOfBytesWritten: PSIZE_T?
) -> NTSTATUS {
    do throws(MemoryError) {
        let request = try WriteRequest(
            UInt(bitPattern: BaseAddress), UInt(bitPattern: Buffer), NumberOfBytesToWrite)
        // It makes nothing writable (12.28).
        let error = unsafe try request.carryOut(ProcessHandle, NumberOfBytesWritten) { _, _ in
            .partial(0)
        }
        return error?.status ?? NativeStatus.success
    } catch {
        return error.status
    }
}

private struct WriteRequest {
    let address: UInt
    let buffer: UInt
    let byteCount: UInt

    /// - Throws: `.noAccess` if the bytes do not all lie in user space.
    init(_ address: UInt, _ buffer: UInt, _ byteCount: UInt) throws(MemoryError) {
        try ProcessCopy.require(address, byteCount)
        try ProcessCopy.require(buffer, byteCount)
        self.address = address
        self.buffer = buffer
        self.byteCount = byteCount
    }

    /// - Parameters:
    ///   - copied: NULL, or receives the number of bytes. It is not written if the call throws.
    ///   - patch: Called if the first byte cannot be written and is not on an armed guard page.
    /// - Returns: The error of a partial copy.
    func carryOut(
        _ handle: HANDLE?, _ copied: PSIZE_T?,
        _ patch: (WriteRequest, TargetProcess) throws(MemoryError) -> ProcessCopyResult
    ) throws(MemoryError) -> MemoryError? {
        if unsafe copied != nil { unsafe try CallerMemory.requireWritable(copied, byteCount: 8) }
        let rights = DWORD(PROCESS_VM_WRITE | PROCESS_VM_OPERATION)
        let process = unsafe try ProcessHandle.target(handle, allOf: rights)
        let result = byteCount == 0 ? .all(0) : try write(process, patch)
        if unsafe copied != nil { unsafe CallerMemory.leave(result.byteCount, at: copied) }
        return result.error
    }

    /// Nothing is written if a byte of the buffer cannot be read (12.27).
    private func write(
        _ process: TargetProcess,
        _ patch: (WriteRequest, TargetProcess) throws(MemoryError) -> ProcessCopyResult
    ) throws(MemoryError) -> ProcessCopyResult {
        if !SafeAccess.canRead(buffer, Int(bitPattern: byteCount)) {
            ProcessCopy.disarmGuard(in: buffer, byteCount)
            return .partial(0)
        }
        let result = try ProcessCopy.write(process, at: address, from: buffer, byteCount)
        if result.error == nil { return result }
        if case .own = process, ProcessCopy.disarmGuard(in: address &+ result.byteCount, 1) {
            return result
        }
        return result.byteCount == 0 ? try patch(self, process) : result
    }

    /// The same without the first bytes, which are written.
    func rest(after count: UInt) -> WriteRequest {
        WriteRequest(
            address: address &+ count, buffer: buffer &+ count, byteCount: byteCount &- count)
    }

    private init(address: UInt, buffer: UInt, byteCount: UInt) {
        self.address = address
        self.buffer = buffer
        self.byteCount = byteCount
    }
}

/// Writes to pages that can be executed but not written (12.25).
///
/// - Throws: `.noAccess` if the first page cannot be executed either (12.24).
private func patch(
    _ request: WriteRequest, _ process: TargetProcess
) throws(MemoryError) -> ProcessCopyResult {
    switch process {
    case .own: try patchOwn(request)
    case .other(let other): try patch(request, of: other)
    }
}

/// Makes the executable pages writable while it writes.
private func patchOwn(_ request: WriteRequest) throws(MemoryError) -> ProcessCopyResult {
    let region = try MemoryManager.shared.region(at: request.address)
    guard case .committed(let protection) = region.state, protection.access.allowsExecution
    else { throw .noAccess }
    let count = min(request.byteCount, region.base &+ region.byteCount &- request.address)
    let pages = try ApplicationSpace.pages(at: request.address, count)
    let writable = PageProtection(.executeReadWrite, caching: protection.caching)
    // Another thread may have changed the pages since.
    do throws(MemoryError) { _ = try protect(pages, writable, nil) } catch { throw .noAccess }
    // There is nothing to put back if the pages are decommitted by then.
    defer { do throws(MemoryError) { _ = try protect(pages, protection, nil) } catch {} }
    return try ProcessCopy.write(
        .own, at: request.address, from: request.buffer, request.byteCount)
}

/// Writes as debuggers do.
private func patch(
    _ request: WriteRequest, of process: OtherProcess
) throws(MemoryError) -> ProcessCopyResult {
    let region = try MemoryManager.shared.region(at: request.address, of: process)
    guard case .committed(let protection) = region.state, protection.access.allowsExecution
    else { throw .noAccess }
    let count = min(request.byteCount, region.base &+ region.byteCount &- request.address)
    var patched: UInt = 0
    do throws(KernelError) {
        patched = UInt(
            bitPattern: try process.patch(
                at: request.address, from: request.buffer, Int(bitPattern: count)))
    } catch {
        throw .noAccess
    }
    if patched < count { return .partial(patched) }
    let rest = request.rest(after: patched)
    if rest.byteCount == 0 { return .all(patched) }
    let result = try ProcessCopy.write(
        .other(process), at: rest.address, from: rest.buffer, rest.byteCount)
    return ProcessCopyResult(byteCount: patched &+ result.byteCount, error: result.error)
}
