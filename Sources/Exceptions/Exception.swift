// An exception under way, and the code of it that the lower layers must know.

import CWin32

/// The record and the registers that handlers are shown. Lives on the stack of the dispatching
/// thread; never kept.
@safe struct Exception {
    let pointers: UnsafeMutablePointer<EXCEPTION_POINTERS>

    /// The ucontext_t of the signal handler that all this runs in; nil if it runs in none.
    let machine: UnsafeRawPointer?

    init(
        _ pointers: UnsafeMutablePointer<EXCEPTION_POINTERS>, machine: UnsafeRawPointer? = nil
    ) {
        unsafe self.pointers = unsafe pointers
        unsafe self.machine = unsafe machine
    }

    // Not unwrapped: a null pointer that a program put there faults, and does not trap.
    var record: UnsafeMutablePointer<EXCEPTION_RECORD> {
        unsafe unsafeBitCast(
            pointers.pointee.ExceptionRecord, to: UnsafeMutablePointer<EXCEPTION_RECORD>.self)
    }
    var context: UnsafeMutablePointer<CONTEXT> {
        unsafe unsafeBitCast(
            pointers.pointee.ContextRecord, to: UnsafeMutablePointer<CONTEXT>.self)
    }

    var code: ExceptionCode { ExceptionCode(rawValue: unsafe record.pointee.ExceptionCode) }
    var isContinuable: Bool {
        unsafe record.pointee.ExceptionFlags & DWORD(EXCEPTION_NONCONTINUABLE) == 0
    }
    var instruction: UInt { UInt(bitPattern: unsafe record.pointee.ExceptionAddress) }

    /// What an access violation, a guard page or an in-page error is about; `nil` for other codes.
    var access: MemoryAccess? {
        let count = unsafe record.pointee.NumberParameters
        if !code.isAboutMemory || count < 2 { return nil }
        return MemoryAccess(
            kind: AccessKind(rawValue: UInt(unsafe record.pointee.ExceptionInformation.0)) ?? .read,
            address: UInt(unsafe record.pointee.ExceptionInformation.1))
    }
}

/// What the instruction wanted. Raw values as in ExceptionInformation (behaviour 8.6).
enum AccessKind: UInt {
    case read = 0
    case write = 1
    case execute = 8
}

struct MemoryAccess {
    let kind: AccessKind
    let address: UInt
}

/// Codes of behaviour 8.13 that this layer has to tell apart.
struct ExceptionCode: Equatable {
    let rawValue: DWORD

    /// An instruction that asked a debugger for a service, and needs only to be passed over.
    static let nothing = ExceptionCode(rawValue: 0)
    static let guardPage = ExceptionCode(rawValue: 0x8000_0001)
    static let misalignment = ExceptionCode(rawValue: 0x8000_0002)
    static let breakpoint = ExceptionCode(rawValue: 0x8000_0003)
    static let singleStep = ExceptionCode(rawValue: 0x8000_0004)
    static let accessViolation = ExceptionCode(rawValue: 0xC000_0005)
    static let inPageError = ExceptionCode(rawValue: 0xC000_0006)
    static let illegalInstruction = ExceptionCode(rawValue: 0xC000_001D)
    static let noncontinuable = ExceptionCode(rawValue: 0xC000_0025)
    static let privilegedInstruction = ExceptionCode(rawValue: 0xC000_0096)
    static let failFast = ExceptionCode(rawValue: 0xC000_0409)
    static let assertion = ExceptionCode(rawValue: 0xC000_0420)
    static let stackOverflow = ExceptionCode(rawValue: 0xC000_00FD)

    var isAboutMemory: Bool {
        self == .guardPage || self == .accessViolation || self == .inPageError
            || self == .stackOverflow
    }
    /// 0xC000008C to 0xC0000095: array bounds, floating point, integer arithmetic.
    var isArithmetic: Bool { rawValue >= 0xC000_008C && rawValue <= 0xC000_0095 }
}
