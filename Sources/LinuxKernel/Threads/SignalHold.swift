// Blocks signals in this thread, so that no handler interrupts an operation for which other threads may have
// to wait.

import CLinux

/// Signals are blocked from `take` to `end`. Those that arrive meanwhile are delivered after the end.
/// Each of the two costs a system call.
package struct SignalHold {
    private var saved: UInt64 = 0
    package private(set) var isTaken = false

    @inline(__always)
    package init() {}

    /// Blocks every signal except SIGSYS. Does nothing if the hold is taken already.
    @inline(__always)
    package mutating func take() {
        if isTaken { return }
        unsafe kernel_block_signals(&saved)
        isTaken = true
    }

    /// Same as `take`, but only if the process has other threads. Without them nobody waits for this one.
    @inline(__always)
    package mutating func takeBesideThreads() {
        if process_has_threads() != 0 { take() }
    }

    /// Unblocks them. The hold must not be used again.
    @inline(__always)
    package func end() {
        if !isTaken { return }
        unsafe withUnsafePointer(to: saved) { unsafe kernel_restore_signals($0) }
    }

    /// The signals that were blocked before, for `init(resuming:)`.
    package var mask: UInt64 { saved }

    /// Continues a hold that was left taken.
    package init(resuming mask: UInt64) {
        saved = mask
        isTaken = true
    }
}
