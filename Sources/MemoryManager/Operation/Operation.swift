// An operation in progress: its slot, and the signals that are held back for it.
//
// What is waited for, and why every wait ends:
//
//   1. A slot. Whoever has one waits for nothing while having it, but for 4.
//   2. The end of a claim (`sleep`). Who sleeps has no slot and no claim.
//   3. The right to fork (ForkGate). Who waits for it has no slot and no claim.
//   4. The forking thread, which claims everything, waits for all other claims to end. No new one can
//      begin meanwhile, and those that hold wait for nothing.
//
// So whatever is waited for is held by somebody who waits only for what comes later in this list, and
// in the end for nobody. Nor can a signal stop a holder in between: where there are other threads, the
// signals are held back as long as it has a slot. (In a process of one thread nobody waits for it. An
// operation that a handler has interrupted, or was left by a jump, gives way: Revocation.swift.)

import AddressSpace
import LinuxKernel
import Synchronization

/// Holds an operation slot from beginning to end.
struct Operation: ~Copyable {
    private(set) var slot: OperationSlot
    let thread: UInt32
    /// What it knows its slot by.
    private var ownership: UInt64
    private var signals: SignalHold

    @inline(__always)
    init(slot: OperationSlot, thread: UInt32, signals: SignalHold) {
        self.slot = slot
        self.thread = thread
        ownership = slot.ownership
        self.signals = signals
    }

    @inline(__always)
    deinit {
        slot.giveBack(from: ownership)
        signals.end()
    }

    /// False once an operation on top of this one, in the same thread, has taken the claim away.
    @inline(__always) var isInForce: Bool { slot.isHeld(by: ownership) }

    /// From now on no handler runs on top of the operation.
    @inline(__always)
    mutating func holdSignals() { signals.take() }

    /// Gives the slot back for as long as `wait` takes.
    mutating func withoutSlot(_ wait: () -> Void, again: () -> OperationSlot) {
        slot.giveBack(from: ownership)
        wait()
        slot = again()
        ownership = slot.ownership
    }

    /// After a revocation: the same slot, or another if it was given away.
    mutating func resume(again: () -> OperationSlot) {
        if slot.reclaim(for: ownership) { return }
        slot = again()
        ownership = slot.ownership
    }
}

extension MemoryManager {
    @inline(never)
    func begin() -> Operation { beginInLine() }

    @inline(__always)
    func beginInLine() -> Operation {
        prepare()
        var signals = SignalHold()
        signals.takeBesideThreads()
        let thread = CurrentThread.identifier
        let slot = slots[UInt(thread)]
        let isTaken = slot.tryTake(for: thread, at: sequencer.number)
        return Operation(
            slot: isTaken ? slot : takeAnySlot(for: thread), thread: thread, signals: signals)
    }

    /// As `begin`, where the caller holds signals back for longer than the operation.
    func beginHeld() -> Operation {
        prepare()
        let thread = CurrentThread.identifier
        return Operation(
            slot: takeAnySlot(for: thread), thread: thread, signals: SignalHold())
    }

    /// As `begin`, with signals held back in any case.
    ///
    /// - Returns: `nil` if every slot is taken.
    func beginUnlessCrowded() -> Operation? {
        prepare()
        var signals = SignalHold()
        signals.take()
        let thread = CurrentThread.identifier
        guard let slot = slots.take(for: thread, at: sequencer.number) else {
            signals.release()
            return nil
        }
        return Operation(slot: slot, thread: thread, signals: signals)
    }

    @inline(never)
    func takeAnySlot(for thread: UInt32) -> OperationSlot {
        while true {
            if let slot = slots.take(for: thread, at: sequencer.number) { return slot }
            if slots.areAllOwned(by: thread) {
                revokeAll(of: thread)
            } else {
                CurrentThread.yield()
            }
        }
    }

    /// Reads the map at one moment, outside a transaction.
    @inline(__always)
    func settled<Result>(_ read: () -> Result) -> Result { sequencer.settled(read) }

    /// The part of a run that begins at `page` and ends no later than `end`.
    func settledRun(from page: UInt, to end: UInt) -> Run {
        map.settledRun(from: page, to: end, sequencer)
    }

    /// What claimed pages hold.
    func settledSummary(of range: PageRange) -> AddressMap.RangeSummary {
        map.settledSummary(of: range, sequencer)
    }
}
