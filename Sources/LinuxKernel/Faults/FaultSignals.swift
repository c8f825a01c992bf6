// Installs the handlers of fault signals, and ends the process by such a signal.

import CLinux

package enum FaultSignals {
    /// Whether the handlers are installed.
    @inline(__always)
    package static var areInstalled: Bool { fault_signals_are_installed() != 0 }

    /// Installs handlers for SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGTRAP, once, and remembers the actions
    /// that were installed before. Signal-safe.
    @inline(__always)
    package static func install() { fault_signals_install() }

    /// In the child of a fork: forgets that another thread was in the middle of installing.
    @inline(__always)
    package static func restartIfInterrupted() { fault_signals_restart_if_interrupted() }

    /// True if no handler but ours is installed for `signal`.
    @inline(__always)
    package static func endsByDefault(_ signal: FaultSignal) -> Bool {
        fault_signals_end_by_default(signal.number) != 0
    }

    /// Ends the process by `signal`, through the action that was installed before ours.
    @inline(__always)
    package static func endProcess(by signal: FaultSignal) -> Never {
        fault_signals_end_process(signal.number)
    }

    /// Ends the process by `signal` with the default action.
    @inline(__always)
    package static func endProcessAtOnce(by signal: FaultSignal) -> Never {
        fault_signals_end_process_at_once(signal.number)
    }
}
