// The signals of exceptions, and what becomes of one.

import CLinux

/// A signal by which the kernel tells of an exception, or a program of its own failure.
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

/// What became of a signal that was dispatched.
package enum FaultOutcome {
    /// Nobody took it: it is passed on to the action before ours.
    case unclaimed
    /// The registers are set: the program goes on there.
    case continues
    /// The program wants to end by it, without further ado.
    case terminates

    /// For the signal handler.
    @inline(__always)
    package var code: Int32 {
        switch self {
        case .unclaimed: Int32(FAULT_UNCLAIMED.rawValue)
        case .continues: Int32(FAULT_CONTINUES.rawValue)
        case .terminates: Int32(FAULT_TERMINATES.rawValue)
        }
    }
}
