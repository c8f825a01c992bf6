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
        let sleepers = unsafe words[1].wrappingAdd(1, ordering: .sequentiallyConsistent).newValue
        // Whoever ends the claim after this line sees the sleeper; who did before is seen by it.
        if !isOver() { unsafe kernel_futex_wait(futex, UInt32(truncatingIfNeeded: count)) }
        leave(sleepers &>> 32)
    }

    /// Counts a sleeper out, unless the counting has begun anew: a handler on top of it has forked, and
    /// this is the child.
    private func leave(_ era: UInt64) {
        while true {
            let sleepers = unsafe words[1].load(ordering: .sequentiallyConsistent)
            if sleepers &>> 32 != era { return }
            if unsafe (words + 1).exchange(expected: sleepers, desired: sleepers &- 1) { return }
        }
    }

    /// Wakes all sleepers; call after a claim has ended.
    @inline(__always)
    func wakeAll() {
        let sleepers = unsafe words[1].load(ordering: .sequentiallyConsistent)
        if UInt32(truncatingIfNeeded: sleepers) != 0 { wakeSleepers() }
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
    func forgetSleepers() {
        let era = unsafe words[1].load(ordering: .relaxed) &>> 32 &+ 1
        unsafe words[1].store(era &<< 32, ordering: .sequentiallyConsistent)
    }
}
