// NTSTATUS values: what a refusal is called there.

import AddressSpace
import CWin32

/// A status as it is written in tables.
enum NativeStatus {
    static let success: NTSTATUS = 0

    @inline(__always)
    static func value(_ code: UInt32) -> NTSTATUS { NTSTATUS(bitPattern: code) }
}

extension MemoryError {
    /// The NT name of this refusal (behaviour 1B).
    var status: NTSTATUS {
        let code: UInt32 =
            switch self {
            case .invalidParameter: 0xC000_000D
            case .pastAllocationEnd: 0xC000_001A
            case .foreignView: 0xC000_001B
            case .notAllocated: 0xC000_00A0
            case .notAtBase: 0xC000_009F
            case .rangeConflicts: 0xC000_0018
            case .notCommitted: 0xC000_002D
            case .outOfAddressSpace: 0xC000_0017
            case .commitLimitReached: 0xC000_012D
            case .accessDenied: 0xC000_0022
            case .notSupported: 0xC000_00BB
            case .noAccess: 0xC000_0005
            case .workingSetQuotaReached: 0xC000_00A1
            case .notLocked: 0xC000_002A
            case .guardPageHit: 0x8000_0001
            case .contentsLost: 0x8000_000D
            case .invalidHandle: 0xC000_0008
            case .privilegeNotHeld: 0xC000_0061
            case .lengthMismatch: 0xC000_0004
            case .operationInProgress: 0x8000_0011
            }
        return NativeStatus.value(code)
    }
}
