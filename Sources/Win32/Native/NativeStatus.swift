// The NTSTATUS values of refusals.

import AddressSpace
import CWin32

/// A status from its unsigned form, as tables have it.
enum NativeStatus {
    static let success = NTSTATUS(bitPattern: STATUS_SUCCESS)

    @inline(__always)
    static func value(_ code: UInt32) -> NTSTATUS { NTSTATUS(bitPattern: code) }
}

extension MemoryError {
    /// The NT name of this refusal (behaviour 1B).
    var status: NTSTATUS {
        let code: UInt32 =
            switch self {
            case .invalidParameter: STATUS_INVALID_PARAMETER
            case .pastAllocationEnd: STATUS_UNABLE_TO_FREE_VM
            case .foreignView: STATUS_UNABLE_TO_DELETE_SECTION
            case .notAllocated: STATUS_MEMORY_NOT_ALLOCATED
            case .notAtBase: STATUS_FREE_VM_NOT_AT_BASE
            case .rangeConflicts: STATUS_CONFLICTING_ADDRESSES
            case .notCommitted: STATUS_NOT_COMMITTED
            case .outOfAddressSpace: STATUS_NO_MEMORY
            case .commitLimitReached: STATUS_COMMITMENT_LIMIT
            case .accessDenied: STATUS_ACCESS_DENIED
            case .notSupported: STATUS_NOT_SUPPORTED
            case .noAccess: STATUS_ACCESS_VIOLATION
            case .workingSetQuotaReached: STATUS_WORKING_SET_QUOTA
            case .notLocked: STATUS_NOT_LOCKED
            case .guardPageHit: STATUS_GUARD_PAGE_VIOLATION
            case .contentsLost: STATUS_PARTIAL_COPY
            case .invalidHandle: STATUS_INVALID_HANDLE
            case .privilegeNotHeld: STATUS_PRIVILEGE_NOT_HELD
            case .lengthMismatch: STATUS_INFO_LENGTH_MISMATCH
            case .operationInProgress: STATUS_DEVICE_BUSY
            }
        return NativeStatus.value(code)
    }
}
