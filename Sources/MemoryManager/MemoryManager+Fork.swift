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
        slot.setClaim(MemoryManager.everything)
        while true {
            // From now on others wait before they begin, so that those who are at it become fewer.
            map.claims.announce(slot)
            if othersEndSoon(operation) { break }
            // Somebody takes long, or cannot end while this is in the way.
            withdraw(operation)
            let wakeUps = claimWaiting.wakeUpCount
            if let conflict = claimOfAnother(than: operation) {
                sleep(operation, until: conflict, since: wakeUps)
            }
        }
        // A handler may fork on top of a fork.
        let kept = operation.keep()
        kept.note = claimWaiting.forkSlot
        claimWaiting.forkSlot = kept.index
    }

    private static var everything: PageRange { PageRange(from: 0, to: Page.endOfMap) }

    /// A handler that forks on top of an operation of its own thread cannot wait for it.
    private func claimOfAnother(than operation: borrowing Operation) -> ClaimConflict? {
        let conflict = map.claims.conflict(with: MemoryManager.everything, for: operation.thread)
        return conflict?.holder == .otherThread ? conflict : nil
    }

    /// Waits a while for the claims of other threads to end; then the announced one holds.
    private func othersEndSoon(_ operation: borrowing Operation) -> Bool {
        // Of two forks at once, one loses patience first.
        for _ in 0..<1000 &+ operation.slot.index &* 8 {
            let moment = sequencer.settle()
            if claimOfAnother(than: operation) != nil {
                kernel_yield()
            } else if sequencer.advance(from: moment) {
                return true
            }
        }
        return false
    }

    /// After fork, in the parent: everybody may go on.
    package func goOn() {
        let slot = slots[claimWaiting.forkSlot]
        claimWaiting.forkSlot = slot.note
        withdraw(Operation(slot: slot, thread: slot.owner))
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
        claimWaiting.forkSlot = slot.note
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
