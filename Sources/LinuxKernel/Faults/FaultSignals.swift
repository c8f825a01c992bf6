// The signals that faults arrive by: taking them over, and ending the process by one of them.

import CLinux

package enum FaultSignals {
    /// Whether they are taken over.
    @inline(__always)
    package static var areInstalled: Bool { fault_signals_are_installed() != 0 }

    /// Takes over SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGTRAP, once, and remembers the actions that stood
    /// before. Signal-safe.
    @inline(__always)
    package static func install() { fault_signals_install() }

    /// In the child of a fork: forgets that another thread was in the middle of installing.
    @inline(__always)
    package static func restartIfInterrupted() { fault_signals_restart_if_interrupted() }

    /// True if nobody but this library handles `signal`.
    @inline(__always)
    package static func endsByDefault(_ signal: FaultSignal) -> Bool {
        fault_signals_end_by_default(signal.number) != 0
    }

    /// Ends the process by `signal`, through the action that stood before ours.
    @inline(__always)
    package static func endProcess(by signal: FaultSignal) -> Never {
        fault_signals_end_process(signal.number, 0)
    }

    /// The same, whatever action stood before ours.
    @inline(__always)
    package static func endProcessAtOnce(by signal: FaultSignal) -> Never {
        fault_signals_end_process(signal.number, 1)
    }
}
