// Sleeping until somebody else's claim ends.

import AddressSpace
import CLinux
import Synchronization

/// A count of wake-ups, which sleepers watch; the number of sleepers; the slot of a running fork.
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
        unsafe words[1].add(1, ordering: .sequentiallyConsistent)
        // Whoever ends the claim after this line sees the sleeper; who did before is seen by it.
        if !isOver() { unsafe kernel_futex_wait(futex, UInt32(truncatingIfNeeded: count)) }
        unsafe words[1].subtract(1, ordering: .sequentiallyConsistent)
    }

    /// Wakes all sleepers; call after a claim has ended.
    @inline(__always)
    func wakeAll() {
        if unsafe words[1].load(ordering: .sequentiallyConsistent) != 0 { wakeSleepers() }
    }

    @inline(never)
    private func wakeSleepers() {
        unsafe words[0].add(1, ordering: .sequentiallyConsistent)
        unsafe kernel_futex_wake_all(futex)
    }

    /// The slot whose claim holds everything still while the process forks.
    var forkSlot: UInt {
        get { UInt(truncatingIfNeeded: unsafe words[2].load(ordering: .relaxed)) }
        nonmutating set { unsafe words[2].store(UInt64(newValue), ordering: .relaxed) }
    }

    /// In a fork child: the sleepers stayed behind in the parent.
    func forgetSleepers() { unsafe words[1].store(0, ordering: .sequentiallyConsistent) }
}
