// QueryWorkingSetEx, under the two names of psapi.h.

import AddressSpace
import CWin32

@_cdecl("QueryWorkingSetEx") @implementation
public func QueryWorkingSetEx(_ hProcess: HANDLE?, _ pv: PVOID?, _ cb: DWORD) -> BOOL {
    do throws(MemoryError) {
        unsafe try MemoryInformation.workingSet(
            hProcess, InformationBuffer(pv, UInt(cb), nil))
        return BOOL.success
    } catch {
        return fail(error, BOOL.failure)
    }
}

@_cdecl("K32QueryWorkingSetEx") @implementation
public func K32QueryWorkingSetEx(_ hProcess: HANDLE?, _ pv: PVOID?, _ cb: DWORD) -> BOOL {
    unsafe QueryWorkingSetEx(hProcess, pv, cb)
}
