// WriteFile and GetFileType, for the standard handles.

import AddressSpace
import CWin32
import LinuxKernel

@_cdecl("WriteFile") @implementation
public func WriteFile(
    _ hFile: HANDLE?, _ lpBuffer: LPCVOID?, _ nNumberOfBytesToWrite: DWORD,
    _ lpNumberOfBytesWritten: LPDWORD?, _ lpOverlapped: LPOVERLAPPED?
) -> BOOL {
    do throws(MemoryError) {
        if let written = unsafe lpNumberOfBytesWritten {
            // Before any other check (Learn, WriteFile).
            unsafe try CallerMemory.store(0, at: written)
        }
        if unsafe lpOverlapped != nil { throw .notSupported }
        let stream = unsafe try StreamHandle.writableStream(of: hFile)
        return unsafe stream.write(lpBuffer, Int(nNumberOfBytesToWrite), lpNumberOfBytesWritten)
    } catch {
        return fail(error, BOOL.failure)
    }
}

extension Stream {
    /// Writes the bytes, stores their number where `count` points, and sets the last error if it fails.
    func write(_ bytes: UnsafeRawPointer?, _ byteCount: Int, _ count: LPDWORD?) -> BOOL {
        var written = 0
        var result = BOOL.success
        do throws(KernelError) {
            unsafe try write(bytes, byteCount: byteCount, written: &written)
        } catch {
            result = fail(error.codeOfWriting, BOOL.failure)
        }
        if let count = unsafe count { unsafe CallerMemory.leave(DWORD(written), at: count) }
        return result
    }
}

extension KernelError {
    /// The error of a refused write.
    var codeOfWriting: DWORD {
        switch self {
        case .badDescriptor: DWORD(ERROR_INVALID_HANDLE)
        case .badAddress: DWORD(ERROR_NOACCESS)
        case .brokenPipe: DWORD(ERROR_BROKEN_PIPE)
        case .noSpace: DWORD(ERROR_DISK_FULL)
        case .invalid: DWORD(ERROR_INVALID_PARAMETER)
        default: DWORD(ERROR_WRITE_FAULT)
        }
    }
}

@_cdecl("GetFileType") @implementation
public func GetFileType(_ hFile: HANDLE?) -> DWORD {
    do throws(MemoryError) {
        switch unsafe try StreamHandle.stream(of: hFile).kind {
        case .closed: throw .invalidHandle
        case .file: return DWORD(FILE_TYPE_DISK)
        case .device: return DWORD(FILE_TYPE_CHAR)
        case .pipe: return DWORD(FILE_TYPE_PIPE)
        // The last error tells this answer from a failure.
        case .other: return fail(DWORD(ERROR_SUCCESS), DWORD(FILE_TYPE_UNKNOWN))
        }
    } catch {
        return fail(error, DWORD(FILE_TYPE_UNKNOWN))
    }
}
