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
    func sleep(since count: UInt64, unless isOver: () -> Bool) {
        let era = sleepers.enter()
        // Whoever ends the claim after this line sees the sleeper; who did before is seen by it.
        if !isOver() { unsafe kernel_futex_wait(futex, UInt32(truncatingIfNeeded: count)) }
        sleepers.leave(era)
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
