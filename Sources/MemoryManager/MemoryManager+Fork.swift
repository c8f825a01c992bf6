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
                if map.claims.conflict(with: everything, for: thread) == .otherThread {
                    throw .blocked(.otherThread)
                }
                map.claims.publish(everything, by: slot, &journal)
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
        let slot = slots[claimWaiting.forkSlot]
        let operation = Operation(slot: slot, thread: thread)
        record(operation) { journal in
            map.claims.withdrawAll(exceptOf: parent, &journal)
            map.claims.withdraw(slot, &journal)
        }
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
