// Where a fault enters: called by the signal handler (CLinux/fault_signals.c), on the thread that
// faulted, perhaps on its alternate stack. From here on everything must be async-signal-safe.

import CCallbacks
import CLinux
import CWin32
import MemoryManager

/// The signals are taken over when a handler, a filter, a frame or a guard page is first used.
package enum FaultSignals {
    @inline(__always)
    package static func takeOver() {
        MemoryManager.shared.takeOverSignals()
    }

    @inline(__always)
    package static var areTakenOver: Bool { fault_signals_are_installed() != 0 }

    package static func restartIfInterrupted() { fault_signals_restart_if_interrupted() }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@_cdecl("win32memory_dispatch_signal") @implementation
public func win32memory_dispatch_signal(
    _ signal: Int32, _ information: UnsafeRawPointer?, _ machine: UnsafeMutableRawPointer?
) -> Int32 {
    let outcome = unsafe withException(of: signal, information, machine) { exception in
        switch exception.code {
        case .nothing:
            unsafe machine_apply_context(machine, exception.context)
            return FAULT_CONTINUES
        case .failFast: return FAULT_UNCLAIMED  // no handler is asked
        default: break
        }
        if !PageFault.needsDispatch(exception) { return FAULT_CONTINUES }
        switch Dispatcher.dispatch(exception) {
        case .continueExecution:
            unsafe machine_apply_context(machine, exception.context)
            return FAULT_CONTINUES
        case .terminate:
            PageFault.armAgain(exception)
            return FAULT_TERMINATES
        case .unhandled:
            PageFault.armAgain(exception)
            return FAULT_UNCLAIMED
        }
    }
    return Int32(bitPattern: outcome.rawValue)
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@_cdecl("win32memory_report_signal") @implementation
public func win32memory_report_signal(
    _ signal: Int32, _ information: UnsafeRawPointer?, _ machine: UnsafeRawPointer?
) {
    _ = unsafe withException(of: signal, information, machine) { exception in
        PageFault.classify(exception)
        CrashReport.print(exception)
        return FAULT_UNCLAIMED
    }
}

private func withException(
    of signal: Int32, _ information: UnsafeRawPointer?, _ machine: UnsafeRawPointer?,
    _ body: (Exception) -> fault_outcome
) -> fault_outcome {
    var record = unsafe EXCEPTION_RECORD()
    var context = CONTEXT()
    return unsafe withUnsafeMutablePointer(to: &record) { record in
        unsafe withUnsafeMutablePointer(to: &context) { context in
            let isException = unsafe machine_describe_exception(
                signal, information, machine, record, context)
            if isException == 0 { return FAULT_UNCLAIMED }
            var pointers = unsafe EXCEPTION_POINTERS(
                ExceptionRecord: record, ContextRecord: context)
            return unsafe withUnsafeMutablePointer(to: &pointers) {
                unsafe body(Exception($0, machine: machine))
            }
        }
    }
}
