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
        let isLimited = MemoryLimits.controlGroupLimit() != .max
        unsafe try CallerMemory.store(isLimited ? BOOL.success : BOOL.failure, at: Result)
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
        unsafe CallerMemory.leave(
            &information, byteCount, at: UInt(bitPattern: lpJobObjectInformation))
        if unsafe lpReturnLength != nil {
            unsafe CallerMemory.leave(DWORD(byteCount), at: lpReturnLength)
        }
        return BOOL.success
    } catch {
        return fail(error, BOOL.failure)
    }
}
