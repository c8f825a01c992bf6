// Takes the claim away from an operation that was interrupted by a signal handler which needs its pages, or
// that was left by a jump out of a handler. Such an operation took the short way in a process of one thread;
// otherwise no handler could have run. Its charge is refunded, its pages are put back to the state in the
// map, and its claim ends. If the operation ever continues, it finds this out before it records anything, and
// starts over, as if it had been called after the handler.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// Takes the claim of an operation of this thread away.
    @_optimize(size)
    func revoke(_ slot: OperationSlot) {
        var signals = SignalHold()
        signals.take()
        defer { signals.end() }
        guard let pages = slot.claim, map.claims.isAnnounced(slot.index) else { return }
        slot.revoke()
        // The operation may have been recorded already, and only not have ended its claim.
        settleAbandonedCharge(of: slot, pages)
        restore(pages)
        map.claims.withdraw(slot)
        claimWaiting.wakeAll()
    }

    /// Takes all slots from a thread that owns every one, because so many of its operations were left by
    /// jumps.
    @inline(never)
    @_optimize(size)
    func revokeAll(of thread: UInt32) {
        for index in 0..<OperationSlots.count where slots[index].owner == thread {
            revoke(slots[index])
            slots[index].giveBack()
        }
    }

    /// Refunds what the operation of `slot` charged but did not record, or returns the charge of pages that
    /// it decommitted in the map but did not return yet.
    func settleAbandonedCharge(of slot: OperationSlot, _ pages: PageRange) {
        let pending = slot.takePendingCharge()
        if pending == 0 || settled({ map.state(of: pages.start).isCommitted }) { return }
        if pending > 0 {
            map.charge.refund(UInt(pending))
        } else {
            map.charge.remove(UInt(bitPattern: 0 &- pending))
        }
    }

    /// Prepares a revoked operation to start over. Its last system call may have changed pages after the
    /// handler changed them, so they are put back to the state in the map.
    @inline(never)
    @_optimize(size)
    func resume(_ operation: inout Operation, _ pages: PageRange) {
        var signals = SignalHold()
        signals.take()
        defer { signals.end() }
        refundPendingCharge(of: operation.slot)
        reclaim(&operation)
        restore(pages)
    }

    /// Takes the slot of a revoked operation back, or another one: what it claims from now on is in force.
    @inline(never)
    func reclaim(_ operation: inout Operation) {
        let thread = operation.thread
        operation.resume { takeAnySlot(for: thread) }
    }
}
