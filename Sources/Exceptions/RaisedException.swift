// Exceptions that the program raises itself. RaiseException (CLinux, one for each architecture) calls this on
// the raising thread, outside signal handlers.

import CCallbacks
import CWin32
import LinuxKernel

// swift-format-ignore: AlwaysUseLowerCamelCase
@_cdecl("win32memory_dispatch_raised") @implementation
public func win32memory_dispatch_raised(
    _ code: UInt32, _ flags: UInt32, _ argument_count: UInt32,
    _ arguments: UnsafePointer<UInt64>?, _ context: UnsafeMutableRawPointer?
) {
    guard let context = unsafe context?.assumingMemoryBound(to: CONTEXT.self) else { return }
    var record = unsafe EXCEPTION_RECORD()
    unsafe record.ExceptionCode = code
    unsafe record.ExceptionFlags = flags & DWORD(EXCEPTION_NONCONTINUABLE)
    unsafe record.ExceptionAddress = PVOID(
        bitPattern: MachineContext.instructionPointer(in: context))
    if let arguments = unsafe arguments {
        let most = UInt32(EXCEPTION_MAXIMUM_PARAMETERS)
        unsafe record.NumberParameters = min(argument_count, most)
        unsafe withUnsafeMutableBytes(of: &record.ExceptionInformation) { words in
            let byteCount = Int(min(argument_count, most)) &* 8
            unsafe words.baseAddress!.copyMemory(from: arguments, byteCount: byteCount)
        }
    }
    unsafe withUnsafeMutablePointer(to: &record) { record in
        var pointers = unsafe EXCEPTION_POINTERS(ExceptionRecord: record, ContextRecord: context)
        unsafe withUnsafeMutablePointer(to: &pointers) { unsafe dispatch(Exception($0)) }
    }
}

private func dispatch(_ exception: Exception) {
    let signal = exception.code.signal
    switch Dispatcher.dispatch(exception) {
    case .continueExecution: return
    case .terminate: FaultSignals.endProcessAtOnce(by: signal)
    case .unhandled:
        if FaultSignals.endsByDefault(signal) { CrashReport.print(exception) }
        FaultSignals.endProcess(by: signal)
    }
}

extension ExceptionCode {
    /// The signal that the kernel sends when the processor raises this exception; SIGABRT for other codes.
    fileprivate var signal: FaultSignal {
        switch self {
        case .accessViolation, .guardPage, .stackOverflow, .privilegedInstruction: .invalidAccess
        case .inPageError, .misalignment: .busError
        case .illegalInstruction: .illegalInstruction
        case .breakpoint, .singleStep: .trap
        default: isArithmetic ? .arithmetic : .abort
        }
    }
}
