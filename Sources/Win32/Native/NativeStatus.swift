// NTSTATUS values: what a refusal is called there, and which last error stands for each.

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

@_cdecl("RtlNtStatusToDosError") @implementation
public func RtlNtStatusToDosError(_ Status: NTSTATUS) -> ULONG {
    let code = UInt32(bitPattern: Status)
    // A status that an application made, or that carries a Win32 error, says it itself.
    if code == 0 || code & 0x2000_0000 != 0 { return code }
    if code &>> 16 == 0x8007 || code &>> 16 == 0xC001 { return code & 0xFFFF }
    return code &>> 30 == 3 ? lastErrorOfError(code & 0x3FFF_FFFF) : lastErrorOfWarning(code)
}

private let messageNotFound: ULONG = 317

private func lastErrorOfWarning(_ code: UInt32) -> ULONG {
    switch code {
    case 0x8000_0001: code
    case 0x8000_0005: 234
    case 0x8000_000D: 299
    case 0x8000_0011: 170
    default: messageNotFound
    }
}

/// - Parameter code: Of a status with severity "error", without the severity.
private func lastErrorOfError(_ code: UInt32) -> ULONG {
    switch code {
    case 0x05: 998
    case 0x06: 999
    case 0x21, 0x1F, 0x22, 0x121, 0x10A: 5
    case 0x08, 0x24: 6
    case 0x17, 0x40: 8
    case 0x0D, 0x45, 0x4E, 0x4D, 0x1A, 0x1B, 0xEF...0xFA, 0x30: 87
    case 0x18, 0x19, 0x2D, 0x9F, 0xA0, 0x88: 487
    case 0x220: 1132
    case 0x04: 24
    case 0x12D: 1455
    case 0x9A: 1450
    case 0x07: 1454
    case 0xA1: 1453
    case 0x44: 1816
    case 0x61: 1314
    case 0x2A: 158
    case 0x11E, 0x98: 1006
    case 0x20, 0x12F: 193
    case 0x243: 1224
    case 0x141: 59
    case 0xBB: 50
    case 0x34: 2
    case 0x35: 183
    case 0x01: 31
    case 0x02: 1
    case 0x03: 87
    case 0x23: 122
    case 0x135: 126
    case 0x139: 127
    case 0x138: 182
    default: messageNotFound
    }
}
