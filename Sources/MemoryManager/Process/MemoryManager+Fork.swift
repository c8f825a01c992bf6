// fork: the child has one thread and a copy of all memory. It may use the library at once.
//
// A fork that runs the handlers of the C library (`quiesceForFork`, `resumeInParent`, `resumeInForkChild`)
// first lets all operations end, so that kernel and map agree in the child. After any other fork (_Fork, bare
// clone) the first operation of the child notices it, because the kernel has wiped a page of ours
// (Settings.swift). The child then puts the pages in order that other threads were changing (`adopt`).

import AddressSpace
import LinuxKernel
import Synchronization

extension MemoryManager {
    /// Before fork: waits until no other thread is changing pages, and keeps threads from beginning to.
    /// Signals are held back until `resumeInParent` or `resumeInForkChild`.
    package func quiesceForFork() {
        prepare()
        var signals = SignalHold()
        signals.take()
        let thread = CurrentThread.identifier
        if !enterForkGate(thread) { return signals.end() }
        let slot = takeAnySlot(for: thread)
        slot.setClaim(.everything)
        map.claims.announce(slot)
        // Operations that searched for conflicts before now start over and see this claim. From here on
        // claims of other threads can only end.
        outdateDecisions()
        while true {
            let wakeUps = claimWaiting.wakeUpCount
            guard let conflict = claimOfAnother(than: thread) else { break }
            awaitEnd(of: conflict, since: wakeUps)
        }
        slot.note = UInt(signals.mask)
        forkSlot = slot.index
    }

    /// - Returns: False if this thread is forking already, and so has claimed everything.
    private func enterForkGate(_ thread: UInt32) -> Bool {
        let gate = unsafe claimWaiting.forkGate
        while true {
            let wakeUps = claimWaiting.wakeUpCount
            let present = unsafe gate.pointee.load(ordering: .sequentiallyConsistent)
            if UInt32(truncatingIfNeeded: present) == thread {
                unsafe gate.pointee.store(present &+ 1 &<< 32, ordering: .relaxed)
                return false
            }
            if present == 0 {
                if unsafe gate.exchange(expected: 0, desired: UInt64(thread)) { return true }
            } else {
                claimWaiting.sleep(since: wakeUps) {
                    unsafe gate.pointee.load(ordering: .sequentiallyConsistent) == 0
                }
            }
        }
    }

    /// - Returns: False if an outer fork of the same thread is still running.
    private func leaveForkGate() -> Bool {
        let gate = unsafe claimWaiting.forkGate
        let present = unsafe gate.pointee.load(ordering: .relaxed)
        if present &>> 32 == 0 { return true }
        unsafe gate.pointee.store(present &- 1 &<< 32, ordering: .relaxed)
        return false
    }

    private func openForkGate() {
        unsafe claimWaiting.forkGate.pointee.store(0, ordering: .sequentiallyConsistent)
    }

    /// The slot that claims everything for a fork.
    private var forkSlot: UInt {
        get { UInt(unsafe storage.forkSlot.pointee.load(ordering: .relaxed)) }
        nonmutating set {
            unsafe storage.forkSlot.pointee.store(UInt64(newValue), ordering: .relaxed)
        }
    }

    /// Claims of this thread do not count: a signal handler that forks cannot wait for the operation that it
    /// interrupted.
    private func claimOfAnother(than thread: UInt32) -> ClaimConflict? {
        let conflict = map.claims.conflict(with: .everything, for: thread)
        return conflict?.holder == .otherThread ? conflict : nil
    }

    /// After fork, in the parent: ends the claim, so that all threads can continue.
    package func resumeInParent() {
        if !leaveForkGate() { return }
        let slot = slots[forkSlot]
        let signals = SignalHold(resuming: UInt64(slot.note))
        map.claims.withdraw(slot)
        slot.giveBack()
        openForkGate()
        claimWaiting.wakeAll()
        signals.end()
    }

    /// After fork, in the child: forgets the other threads, which do not exist there.
    ///
    /// - Parameters:
    ///   - parent: The identifier of the forking thread in the parent.
    ///   - thread: Its identifier in the child.
    package func resumeInForkChild(formerly parent: UInt32, now thread: UInt32) {
        if !leaveForkGate() { return }
        let slot = slots[forkSlot]
        let signals = SignalHold(resuming: UInt64(slot.note))
        // Carries out a journal that another thread had published, before its slot is given back.
        _ = sequencer.settle()
        map.claims.withdraw(slot)
        slot.giveBack()
        forgetOthers(formerly: parent, now: thread)
        settings.finishAdoption()
        signals.end()
    }

    /// In the child of a fork that did not call `quiesceForFork`: puts pages in order that were being
    /// changed. Signals are held back.
    ///
    /// - Parameters: Same as those of `resumeInForkChild`.
    func adopt(formerly parent: UInt32, now thread: UInt32) {
        _ = sequencer.settle()
        for index in 0..<OperationSlots.count {
            let slot = slots[index]
            if slot.owner == parent || !map.claims.isAnnounced(index) { continue }
            if let pages = slot.claim, !pages.isEverything {
                settleAbandonedCharge(of: slot, pages)
                restore(pages)
            }
            slot.pendingCharge = 0
            map.claims.withdraw(slot)
        }
        forgetOthers(formerly: parent, now: thread)
    }

    private func forgetOthers(formerly parent: UInt32, now thread: UInt32) {
        claimWaiting.forgetSleepers()
        openForkGate()
        map.charge.forgetPeak()
        map.placeCache.forgetHeld()
        islands.adopt()
        for index in 0..<OperationSlots.count {
            let other = slots[index]
            if other.owner == parent {
                other.passOn(to: thread)
            } else {
                map.claims.withdraw(other)
                other.giveBack()
            }
        }
    }
}
