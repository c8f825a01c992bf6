// Sleeping until somebody else's claim ends.

import AddressSpace
import LinuxKernel
import Synchronization

/// A count of wake-ups, which sleepers watch; the number of sleepers, and above it how often it was
/// begun anew; who may fork.
@safe struct ClaimWaiting {
    private let words: StampedWordPointer

    @inline(__always)
    init(words: StampedWordPointer) { unsafe self.words = unsafe words }

    private var futex: UnsafeMutablePointer<UInt32> {
        unsafe UnsafeMutableRawPointer(words).assumingMemoryBound(to: UInt32.self)
    }

    /// Read before looking for conflicts.
    @inline(__always) var wakeUpCount: UInt64 {
        unsafe words[0].load(ordering: .sequentiallyConsistent)
    }

    /// Sleeps until a claim has ended since `count` was read, unless `isOver` says that it has.
    func sleep(since count: UInt64, unless isOver: () -> Bool) {
        let entry = sleepers.enter()
        // Whoever ends the claim after this line sees the sleeper; who did before is seen by it.
        if !isOver() { unsafe Futex.wait(futex, while: UInt32(truncatingIfNeeded: count)) }
        sleepers.leave(entry)
    }

    @inline(__always) private var sleepers: EraCounter { unsafe EraCounter(word: words + 1) }

    /// Wakes all sleepers; call after a claim has ended.
    @inline(__always)
    func wakeAll() {
        if !sleepers.isZero { wakeSleepers() }
    }

    @inline(never)
    private func wakeSleepers() {
        unsafe words[0].wrappingAdd(1, ordering: .sequentiallyConsistent)
        unsafe Futex.wakeAll(futex)
    }

    /// In a fork child: the sleepers stayed behind in the parent.
    func forgetSleepers() { sleepers.beginAnew() }

    /// The thread that forks just now, and how often it is at it; zero for none.
    var forkGate: StampedWordPointer { unsafe words + 2 }
}

extension MemoryManager {
    /// Sleeps until the claim in the way has ended, or another has. Meanwhile the slot is free for
    /// others. Signals, which are held back, wait with it: as long as a claim takes, or a fork.
    func sleep(
        _ operation: inout Operation, until conflict: ClaimConflict, since wakeUps: UInt64
    ) {
        let thread = operation.thread
        operation.withoutSlot {
            claimWaiting.sleep(since: wakeUps) { !map.claims.isAnnounced(conflict.slot) }
        } again: {
            takeAnySlot(for: thread)
        }
    }

    /// Sleeps until no operation is at `page`, by a thread that holds nothing.
    func awaitEnd(of conflict: ClaimConflict, since wakeUps: UInt64) {
        claimWaiting.sleep(since: wakeUps) { !map.claims.isAnnounced(conflict.slot) }
    }
}
