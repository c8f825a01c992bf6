// The signals that faults arrive by.

import CLinux

package enum FaultSignals {
    /// Whether they are taken over.
    @inline(__always)
    package static var areInstalled: Bool { fault_signals_are_installed() != 0 }

    /// Takes over SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGTRAP, once, and remembers the actions that stood
    /// before. Signal-safe.
    @inline(__always)
    package static func install() { fault_signals_install() }
}
