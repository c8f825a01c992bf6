// A running operation: its slot, and the signals that are held back for it.
//
// What a thread may wait for, and why every wait ends:
//
//   1. A slot. Its owner waits for nothing else, except in case 4.
//   2. The end of a claim (`sleep`). A sleeper has no slot and no claim.
//   3. The right to fork (`forkGate`). A thread that waits for it has no slot and no claim.
//   4. The forking thread, which claims everything, waits for all other claims to end. No new claim can begin
//      meanwhile, and operations with a claim wait for nothing.
//
// So the thread that another one waits for can itself wait only for something later in this list, and the
// last one waits for nothing. No signal handler can delay the owner of a slot either: while there are other
// threads, signals are held back as long as it has the slot. (In a process of one thread nobody waits. An
// operation that a handler interrupted, or that a jump left, gives way: Revocation.swift.)

import AddressSpace
import LinuxKernel
import Synchronization

/// Holds an operation slot from beginning to end.
struct Operation: ~Copyable {
    private(set) var slot: OperationSlot
    let thread: UInt32
    /// The word of the owner in the slot while the slot is this operation's (`OperationSlot.ownership`).
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

    /// False once an operation that interrupted this one, in the same thread, has taken its claim away.
    @inline(__always) var isInForce: Bool { slot.isHeld(by: ownership) }

    /// From now on no signal handler can interrupt the operation.
    @inline(__always)
    mutating func holdSignals() { signals.take() }

    /// Gives the slot back for as long as `wait` takes.
    mutating func withoutSlot(_ wait: () -> Void, again: () -> OperationSlot) {
        slot.giveBack(from: ownership)
        wait()
        slot = again()
        ownership = slot.ownership
    }

    /// After a revocation: takes the same slot again, or another one if that is in use.
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

    /// Same as `begin`, for a caller that holds signals back itself, for longer than the operation.
    func beginHeld() -> Operation {
        prepare()
        let thread = CurrentThread.identifier
        return Operation(
            slot: takeAnySlot(for: thread), thread: thread, signals: SignalHold())
    }

    /// Same as `begin`, but holds signals back in a process of one thread too, and does not wait.
    ///
    /// - Returns: `nil` if every slot is taken.
    func beginUnlessCrowded() -> Operation? {
        prepare()
        var signals = SignalHold()
        signals.take()
        let thread = CurrentThread.identifier
        guard let slot = slots.take(for: thread, at: sequencer.number) else {
            signals.end()
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

    /// Calls `body` with each run of `range`, cut off at its ends.
    @inline(__always)
    func forEachSettledRun<Failure: Error>(
        of range: PageRange, _ body: (Run) throws(Failure) -> Void
    ) throws(Failure) {
        try map.forEachSettledRun(of: range, sequencer, body)
    }

    /// The summary of claimed pages.
    func settledSummary(of range: PageRange) -> AddressMap.RangeSummary {
        map.settledSummary(of: range, sequencer)
    }
}
