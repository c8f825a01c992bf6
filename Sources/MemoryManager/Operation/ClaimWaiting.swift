// Sleeps until the claim of another operation ends.

import AddressSpace
import LinuxKernel
import Synchronization

/// Three words: a count of wake-ups, which is the futex of the sleepers; the number of sleepers (EraCounter);
/// and the thread that is forking.
@safe struct ClaimWaiting {
    private let words: StampedWordPointer

    @inline(__always)
    init(words: StampedWordPointer) { unsafe self.words = unsafe words }

    private var futex: UnsafeMutablePointer<UInt32> {
        unsafe UnsafeMutableRawPointer(words).assumingMemoryBound(to: UInt32.self)
    }

    /// Must be read before the search for conflicts.
    @inline(__always) var wakeUpCount: UInt64 {
        unsafe words[0].load(ordering: .sequentiallyConsistent)
    }

    /// Sleeps until a claim ends; returns at once if one has ended since `count` was read, or if `isOver`.
    func sleep(since count: UInt64, unless isOver: () -> Bool) {
        let entry = sleepers.enter()
        // An operation that ends its claim after this line sees the sleeper. If the claim ended before,
        // `isOver` is true.
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

    /// In the child of a fork: the sleepers exist only in the parent.
    func forgetSleepers() { sleepers.beginAnew() }

    /// The thread that is forking, and how many forks it has begun inside this one; zero for none.
    var forkGate: StampedWordPointer { unsafe words + 2 }
}

extension MemoryManager {
    /// Sleeps until `conflict` or another claim has ended. Meanwhile other threads may use the slot. Signals
    /// stay held back, for as long as a claim or a fork takes.
    func sleep(
        _ operation: inout Operation, until conflict: ClaimConflict, since wakeUps: UInt64
    ) {
        let thread = operation.thread
        operation.withoutSlot {
            awaitEnd(of: conflict, since: wakeUps)
        } again: {
            takeAnySlot(for: thread)
        }
    }

    /// Sleeps until `conflict` or another claim has ended. The thread holds no slot.
    func awaitEnd(of conflict: ClaimConflict, since wakeUps: UInt64) {
        claimWaiting.sleep(since: wakeUps) { !map.claims.isAnnounced(conflict.slot) }
    }
}
