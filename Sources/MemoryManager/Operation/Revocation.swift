// What becomes of an operation that is interrupted by a signal handler which needs its pages, or that
// was left by a jump out of one. Such an operation went the short way, in a process of one thread: else
// no handler could have run. It gives way. What it has charged is refunded, its pages become again what
// the map says, and its claim ends. If it ever goes on, it finds that out before it records anything,
// and starts over, as if it had been called after the handler.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// Takes the claim of an operation of this thread away.
    @_optimize(size)
    func revoke(_ slot: OperationSlot) {
        var signals = SignalHold()
        signals.take()
        defer { signals.release() }
        guard let pages = slot.claim, map.claims.isAnnounced(slot.index) else { return }
        slot.revoke()
        // It may have been recorded, and only not have ended.
        settleAbandonedCharge(of: slot, pages)
        restore(pages)
        map.claims.withdraw(slot)
        claimWaiting.wakeAll()
    }

    /// Takes all slots away from a thread whose operations were left by jumps so often that it has all.
    @inline(never)
    @_optimize(size)
    func revokeAll(of thread: UInt32) {
        for index in 0..<OperationSlots.count where slots[index].owner == thread {
            revoke(slots[index])
            slots[index].giveBack()
        }
    }

    /// Refunds what the operation of `slot` charged and did not record; and returns what it recorded
    /// and did not return.
    func settleAbandonedCharge(of slot: OperationSlot, _ pages: PageRange) {
        let pending = slot.pendingCharge
        slot.pendingCharge = 0
        if pending == 0 { return }
        let isCommitted = settled { map.state(of: pages.start).isCommitted }
        if pending > 0 && !isCommitted { map.charge.refund(UInt(pending)) }
        if pending < 0 && !isCommitted { map.charge.remove(UInt(bitPattern: 0 &- pending)) }
    }

    /// Goes on with an operation that was revoked: its last call may have changed what the handler left.
    @inline(never)
    @_optimize(size)
    func resume(_ operation: inout Operation, _ pages: PageRange) {
        var signals = SignalHold()
        signals.take()
        defer { signals.release() }
        let charged = operation.slot.pendingCharge
        operation.slot.pendingCharge = 0
        if charged > 0 { map.charge.refund(UInt(charged)) }
        let thread = operation.thread
        operation.resume { takeAnySlot(for: thread) }
        restore(pages)
    }
}
