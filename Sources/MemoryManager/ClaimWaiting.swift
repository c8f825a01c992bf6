// Sleeping until somebody else's claim ends.

import AddressSpace
import CLinux
import Synchronization

/// A count of wake-ups, which sleepers watch; the number of sleepers, and above it how often it was
/// begun anew; the slot of a running fork.
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
    ///
    /// - Parameter prepare: Called before, with the number of sleepers.
    func sleep(since count: UInt64, unless isOver: () -> Bool, preparedBy prepare: (UInt32) -> Void)
    {
        let entry = sleepers.enter()
        prepare(entry.rank)
        // Whoever ends the claim after this line sees the sleeper; who did before is seen by it.
        if !isOver() { unsafe kernel_futex_wait(futex, UInt32(truncatingIfNeeded: count)) }
        sleepers.leave(entry)
    }

    @inline(__always) private var sleepers: Headcount { unsafe Headcount(word: words + 1) }

    /// Wakes all sleepers; call after a claim has ended.
    @inline(__always)
    func wakeAll() {
        if !sleepers.isZero { wakeSleepers() }
    }

    @inline(never)
    private func wakeSleepers() {
        unsafe words[0].wrappingAdd(1, ordering: .sequentiallyConsistent)
        unsafe kernel_futex_wake_all(futex)
    }

    /// The slot whose claim holds everything still while the process forks.
    var forkSlot: UInt {
        get { UInt(truncatingIfNeeded: unsafe words[2].load(ordering: .relaxed)) }
        nonmutating set { unsafe words[2].store(UInt64(newValue), ordering: .relaxed) }
    }

    /// In a fork child: the sleepers stayed behind in the parent.
    func forgetSleepers() { sleepers.beginAnew() }
}

extension MemoryManager {
    /// So many sleep with their slots, half of all; the others without. Somebody must be able to do what
    /// they wait for, and to run a signal handler on top of it.
    private static var mostSleepersWithSlots: UInt32 { UInt32(OperationSlots.count / 2) }

    /// Sleeps until the claim in the way has ended, or another has.
    func sleep(
        _ operation: borrowing Operation, until conflict: ClaimConflict, since wakeUps: UInt64
    ) {
        let slot = operation.slot
        var isWithout = false
        claimWaiting.sleep(since: wakeUps) {
            !map.claims.isAnnounced(conflict.slot)
        } preparedBy: { rank in
            // By its slot a claim is known.
            isWithout =
                rank > MemoryManager.mostSleepersWithSlots && !map.claims.isAnnounced(slot.index)
            if isWithout { slot.giveBack() }
        }
        if !isWithout { return }
        while !slot.tryTake(for: operation.thread, at: sequencer.number) { kernel_yield() }
    }
}
