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
    static let guardPage = ExceptionCode(rawValue: STATUS_GUARD_PAGE_VIOLATION)
    static let misalignment = ExceptionCode(rawValue: STATUS_DATATYPE_MISALIGNMENT)
    static let breakpoint = ExceptionCode(rawValue: STATUS_BREAKPOINT)
    static let singleStep = ExceptionCode(rawValue: STATUS_SINGLE_STEP)
    static let accessViolation = ExceptionCode(rawValue: STATUS_ACCESS_VIOLATION)
    static let inPageError = ExceptionCode(rawValue: STATUS_IN_PAGE_ERROR)
    static let illegalInstruction = ExceptionCode(rawValue: STATUS_ILLEGAL_INSTRUCTION)
    static let noncontinuable = ExceptionCode(rawValue: STATUS_NONCONTINUABLE_EXCEPTION)
    static let privilegedInstruction = ExceptionCode(rawValue: STATUS_PRIVILEGED_INSTRUCTION)
    static let failFast = ExceptionCode(rawValue: STATUS_STACK_BUFFER_OVERRUN)
    static let assertion = ExceptionCode(rawValue: STATUS_ASSERTION_FAILURE)
    static let stackOverflow = ExceptionCode(rawValue: STATUS_STACK_OVERFLOW)

    var isAboutMemory: Bool {
        self == .guardPage || self == .accessViolation || self == .inPageError
            || self == .stackOverflow
    }
    /// Array bounds, floating point, integer arithmetic: the codes from one to the other.
    var isArithmetic: Bool {
        rawValue >= STATUS_ARRAY_BOUNDS_EXCEEDED && rawValue <= STATUS_INTEGER_OVERFLOW
    }
}
