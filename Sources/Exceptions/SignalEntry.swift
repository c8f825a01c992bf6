// The Swift entry point of faults. The signal handler (CLinux/faults/fault_signals.c) calls it on the thread
// that faulted, possibly on its alternate stack. Everything called from here must be async-signal-safe.

import CCallbacks
import CWin32
import LinuxKernel

// swift-format-ignore: AlwaysUseLowerCamelCase
@_cdecl("win32memory_dispatch_signal") @implementation
public func win32memory_dispatch_signal(
    _ signal: Int32, _ information: UnsafeRawPointer?, _ machine: UnsafeMutableRawPointer?
) -> Int32 {
    let outcome = unsafe withException(of: signal, information, machine) { exception in
        switch exception.code {
        case .nothing:
            unsafe MachineContext.apply(exception.context, to: machine)
            return .continues
        case .failFast: return .unclaimed  // no handler is asked
        default: break
        }
        if !PageFault.needsDispatch(exception) { return .continues }
        switch Dispatcher.dispatch(exception) {
        case .continueExecution:
            unsafe MachineContext.apply(exception.context, to: machine)
            return .continues
        case .terminate:
            PageFault.armAgain(exception)
            return .terminates
        case .unhandled:
            PageFault.armAgain(exception)
            return .unclaimed
        }
    }
    return outcome.code
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@_cdecl("win32memory_report_signal") @implementation
public func win32memory_report_signal(
    _ signal: Int32, _ information: UnsafeRawPointer?, _ machine: UnsafeRawPointer?
) {
    _ = unsafe withException(of: signal, information, machine) { exception in
        PageFault.classify(exception)
        CrashReport.print(exception)
        return .unclaimed
    }
}

private func withException(
    of signal: Int32, _ information: UnsafeRawPointer?, _ machine: UnsafeRawPointer?,
    _ body: (Exception) -> FaultOutcome
) -> FaultOutcome {
    var record = unsafe EXCEPTION_RECORD()
    var context = CONTEXT()
    return unsafe withUnsafeMutablePointer(to: &record) { record in
        unsafe withUnsafeMutablePointer(to: &context) { context in
            let isException = unsafe MachineContext.describeException(
                of: signal, information, machine, record: record, context: context)
            if !isException { return .unclaimed }
            var pointers = unsafe EXCEPTION_POINTERS(
                ExceptionRecord: record, ContextRecord: context)
            return unsafe withUnsafeMutablePointer(to: &pointers) {
                unsafe body(Exception($0, machine: machine))
            }
        }
    }
}
