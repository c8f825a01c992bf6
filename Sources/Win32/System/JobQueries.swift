// IsProcessInJob and QueryInformationJobObject: the memory limit of the control group.

import AddressSpace
import CWin32
import LinuxKernel

@_cdecl("IsProcessInJob") @implementation
public func IsProcessInJob(_ ProcessHandle: HANDLE?, _ JobHandle: HANDLE?, _ Result: PBOOL?) -> BOOL
{
    do throws(MemoryError) {
        unsafe try Win32.ProcessHandle.require(ProcessHandle, Win32.ProcessHandle.query)
        if UInt(bitPattern: JobHandle) != 0 { throw .invalidHandle }
        unsafe try CallerMemory.requireWritable(Result, byteCount: 4)
        unsafe Result?.pointee =
            MemoryLimits.controlGroupLimit() == .max ? BOOL.failure : BOOL.success
        return BOOL.success
    } catch {
        return fail(error, BOOL.failure)
    }
}

@_cdecl("QueryInformationJobObject") @implementation
public func QueryInformationJobObject(
    _ hJob: HANDLE?, _ JobObjectInformationClass: JOBOBJECTINFOCLASS,
    _ lpJobObjectInformation: LPVOID?, _ cbJobObjectInformationLength: DWORD,
    _ lpReturnLength: LPDWORD?
) -> BOOL {
    let byteCount = MemoryLayout<JOBOBJECT_EXTENDED_LIMIT_INFORMATION>.size
    do throws(MemoryError) {
        if JobObjectInformationClass != JobObjectExtendedLimitInformation {
            throw .invalidParameter
        }
        if cbJobObjectInformationLength != DWORD(byteCount) { throw .lengthMismatch }
        if UInt(bitPattern: hJob) != 0 { throw .invalidHandle }
        unsafe try CallerMemory.requireWritable(lpJobObjectInformation, byteCount: byteCount)
        if unsafe lpReturnLength != nil {
            unsafe try CallerMemory.requireWritable(lpReturnLength, byteCount: 4)
        }
        var information = JOBOBJECT_EXTENDED_LIMIT_INFORMATION()
        let limit = MemoryLimits.controlGroupLimit()
        if limit != .max {
            information.BasicLimitInformation.LimitFlags = DWORD(JOB_OBJECT_LIMIT_JOB_MEMORY)
            information.JobMemoryLimit = SIZE_T(limit)
        }
        unsafe lpJobObjectInformation?.storeBytes(
            of: information, as: JOBOBJECT_EXTENDED_LIMIT_INFORMATION.self)
        unsafe lpReturnLength?.pointee = DWORD(byteCount)
        return BOOL.success
    } catch {
        return fail(error, BOOL.failure)
    }
}
