// The signals that become exceptions, and the outcome of one.

import CLinux

/// A signal by which the kernel reports an exception, or by which a program reports its own failure.
package enum FaultSignal {
    case invalidAccess
    case busError
    case illegalInstruction
    case trap
    case arithmetic
    case abort

    @inline(__always)
    var number: Int32 {
        switch self {
        case .invalidAccess: SIGSEGV
        case .busError: SIGBUS
        case .illegalInstruction: SIGILL
        case .trap: SIGTRAP
        case .arithmetic: SIGFPE
        case .abort: SIGABRT
        }
    }
}

/// The outcome of a signal that was dispatched.
package enum FaultOutcome {
    /// No handler took it: it is passed on to the action that was installed before ours.
    case unclaimed
    /// The registers are set: the program continues with them.
    case continues
    /// The program's filter wants the process to end at once.
    case terminates

    /// The value that the signal handler expects.
    @inline(__always)
    package var code: Int32 {
        switch self {
        case .unclaimed: Int32(FAULT_UNCLAIMED.rawValue)
        case .continues: Int32(FAULT_CONTINUES.rawValue)
        case .terminates: Int32(FAULT_TERMINATES.rawValue)
        }
    }
}
