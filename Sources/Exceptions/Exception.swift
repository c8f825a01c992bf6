// An exception that is being dispatched, and its code.

import CWin32

/// The record and the registers that handlers receive. They are on the stack of the dispatching thread; never
/// keep them.
@safe struct Exception {
    let pointers: UnsafeMutablePointer<EXCEPTION_POINTERS>

    /// The ucontext_t of the signal handler that dispatches; nil outside signal handlers.
    let machine: UnsafeRawPointer?

    init(
        _ pointers: UnsafeMutablePointer<EXCEPTION_POINTERS>, machine: UnsafeRawPointer? = nil
    ) {
        unsafe self.pointers = unsafe pointers
        unsafe self.machine = unsafe machine
    }

    // Not unwrapped: if the program has stored a null pointer there, the access must raise a fault and not a
    // trap of Swift.
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

    /// The access that caused an access violation, a guard-page exception or an in-page error; `nil` for
    /// other codes.
    var access: MemoryAccess? {
        let count = unsafe record.pointee.NumberParameters
        if !code.isAboutMemory || count < 2 { return nil }
        return MemoryAccess(
            kind: AccessKind(rawValue: UInt(unsafe record.pointee.ExceptionInformation.0)) ?? .read,
            address: UInt(unsafe record.pointee.ExceptionInformation.1))
    }
}

/// What kind of access it was. Raw values as in ExceptionInformation (behaviour 8.6).
enum AccessKind: UInt {
    case read = 0
    case write = 1
    case execute = 8
}

struct MemoryAccess {
    let kind: AccessKind
    let address: UInt
}

/// The exception codes that this layer must distinguish (behaviour 8.13).
struct ExceptionCode: Equatable {
    let rawValue: DWORD

    /// No exception: the instruction is a request to a debugger, and is skipped.
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
    /// Array bounds, floating point and integer arithmetic, whose codes are contiguous.
    var isArithmetic: Bool {
        rawValue >= STATUS_ARRAY_BOUNDS_EXCEEDED && rawValue <= STATUS_INTEGER_OVERFLOW
    }
}
