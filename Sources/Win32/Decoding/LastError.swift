// The thread's last-error value, and the only table from refusals to ERROR_* codes.

import AddressSpace
import CWin32
import LinuxKernel

extension MemoryError {
    /// The code that Windows sets for this refusal (behaviour 1B).
    var code: DWORD {
        switch self {
        case .invalidParameter, .pastAllocationEnd, .foreignView: DWORD(ERROR_INVALID_PARAMETER)
        case .notAllocated, .notAtBase, .rangeConflicts, .notCommitted: DWORD(ERROR_INVALID_ADDRESS)
        case .outOfAddressSpace: DWORD(ERROR_NOT_ENOUGH_MEMORY)
        case .commitLimitReached: DWORD(ERROR_COMMITMENT_LIMIT)
        case .notSupported: DWORD(ERROR_NOT_SUPPORTED)
        case .noAccess: DWORD(ERROR_NOACCESS)
        case .workingSetQuotaReached: DWORD(ERROR_WORKING_SET_QUOTA)
        case .notLocked: DWORD(ERROR_NOT_LOCKED)
        // The status itself, untranslated (behaviour 14.22).
        case .guardPageHit: STATUS_GUARD_PAGE_VIOLATION
        case .contentsLost: DWORD(ERROR_PARTIAL_COPY)
        case .operationInProgress: DWORD(ERROR_BUSY)
        case .accessDenied: DWORD(ERROR_ACCESS_DENIED)
        case .invalidHandle: DWORD(ERROR_INVALID_HANDLE)
        case .privilegeNotHeld: DWORD(ERROR_PRIVILEGE_NOT_HELD)
        case .lengthMismatch: DWORD(ERROR_BAD_LENGTH)
        }
    }
}

/// An entry point either succeeds or returns through `fail`.
@inline(__always)
func fail<Result>(_ error: MemoryError, _ result: Result) -> Result {
    fail(error.code, result)
}

/// Same as above, for refusals that only one entry point knows.
@inline(__always)
func fail<Result>(_ code: DWORD, _ result: Result) -> Result {
    setLastError(code)
    return result
}

@inline(__always)
func setLastError(_ code: DWORD) { CurrentThread.lastError = code }

@_cdecl("GetLastError") @implementation
public func GetLastError() -> DWORD { CurrentThread.lastError }

@_cdecl("SetLastError") @implementation
public func SetLastError(_ dwErrCode: DWORD) { setLastError(dwErrCode) }
