// fork: the child has one thread, and everything else as it was. It may use the library at once.

import AddressSpace
import CLinux
import Synchronization

extension MemoryManager {
    /// Before fork: waits until no other thread is in the middle of changing pages, and keeps others
    /// from beginning, so that kernel and map agree in the child.
    package func holdStill() {
        var operation = begin()
        let slot = operation.slot
        let thread = operation.thread
        let everything = PageRange(from: 0, to: Page.endOfMap)
        do throws(MemoryError) {
            try transact(operation) { journal throws(Setback) in
                // A handler that forks on top of an operation of its own thread cannot wait for it.
                let conflict = map.claims.conflict(with: everything, for: thread)
                if let conflict, conflict.holder == .otherThread { throw .blocked(conflict) }
                slot.setClaim(everything)
                journal.isClaiming = true
            }
        } catch {
            // Only a conflict can stop the claim, and that was waited for.
            return
        }
        claimWaiting.forkSlot = operation.keep().index
    }

    /// After fork, in the parent: everybody may go on.
    package func goOn() {
        let slot = slots[claimWaiting.forkSlot]
        let operation = Operation(slot: slot, thread: slot.owner)
        withdraw(operation)
    }

    /// After fork, in the child: forgets the threads that are not there.
    ///
    /// - Parameters:
    ///   - parent: What the forking thread was called before.
    ///   - thread: What it is called now.
    package func goOnAlone(formerly parent: UInt32, now thread: UInt32) {
        claimWaiting.forgetSleepers()
        settings.restartIfInterrupted()
        map.charge.forgetPeak()
        let slot = slots[claimWaiting.forkSlot]
        // What another thread had published, its slot must keep until it is carried out.
        _ = sequencer.settle()
        map.claims.withdrawAll(exceptOf: parent)
        withdraw(Operation(slot: slot, thread: thread))
        for index in 0..<OperationSlots.count {
            let other = slots[index]
            if other.owner == parent {
                other.passOn(to: thread)
            } else {
                other.giveBack()
            }
        }
    }
}
