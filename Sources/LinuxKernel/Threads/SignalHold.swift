// Keeping signal handlers off this thread, so that none runs on top of what other threads may have to
// wait for.

import CLinux

/// Signals held back, from `take` to `release`. Those that arrive meanwhile come after the release.
/// Costs one system call each way.
package struct SignalHold {
    private var saved: UInt64 = 0
    package private(set) var isTaken = false

    @inline(__always)
    package init() {}

    /// Holds back every signal that can be; does nothing if they are held already.
    @inline(__always)
    package mutating func take() {
        if isTaken { return }
        unsafe kernel_block_signals(&saved)
        isTaken = true
    }

    /// The same if the process has other threads. Without them nobody waits for this one.
    @inline(__always)
    package mutating func takeBesideThreads() {
        if process_has_threads() != 0 { take() }
    }

    @inline(__always)
    package mutating func release() {
        end()
        isTaken = false
    }

    /// As `release`, of a hold that is not used again.
    @inline(__always)
    package func end() {
        if !isTaken { return }
        unsafe withUnsafePointer(to: saved) { unsafe kernel_restore_signals($0) }
    }

    /// What was blocked before, for `init(resuming:)`.
    package var mask: UInt64 { saved }

    /// A hold that was left taken.
    package init(resuming mask: UInt64) {
        saved = mask
        isTaken = true
    }
}
