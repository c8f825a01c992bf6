// Puts all transactions in one order, without a lock.
//
// At most one journal is published at a time. Any operation that meets a published journal (its author,
// another thread, a signal handler that interrupted its author) carries it out to the end before it does
// anything else. This takes one compare-and-swap for each entry. Stamps make every value of a word unique, so
// it does not matter how many threads carry a journal out, nor how late the slowest of them is.
//
// So a thread that is interrupted, preempted or stopped by a signal (as garbage collectors do) in the middle
// of a transaction delays no other.

import Synchronization

/// The head word: in the upper half the number of the last transaction; in the lower half the slot of its
/// journal, and whether that journal is still published.
@safe package struct Sequencer {
    /// A value of the head word at which nothing is published.
    package struct Moment {
        let head: UInt64
        /// The number of the transaction that would follow.
        @inline(__always) package var next: UInt32 {
            UInt32(truncatingIfNeeded: head &>> 32) &+ 1
        }
        /// The moment after that transaction.
        @inline(__always) package var following: Moment { Moment(head: UInt64(next) &<< 32) }
    }

    private static let publishedBit: UInt64 = 1

    private let head: UnsafeMutablePointer<StampedWord>
    private let slots: OperationSlots
    private let helpers: EraCounter

    /// - Parameters:
    ///   - head: The head word.
    ///   - slots: Where journals are.
    ///   - helpers: Counts the threads that carry out another thread's journal.
    @inline(__always)
    package init(
        head: UnsafeMutablePointer<StampedWord>, slots: OperationSlots, helpers: EraCounter
    ) {
        unsafe self.head = unsafe head
        self.slots = slots
        self.helpers = helpers
    }

    /// Whether a helper without a slot may be about to change a word. In the child of a fork, the helpers of
    /// the parent stay counted for ever, because the fork may have interrupted one of them in this very
    /// thread.
    package var isHelped: Bool { !helpers.isZero }

    /// The number of the last transaction published, for `OperationSlots.take`.
    @inline(__always) package var number: UInt32 {
        UInt32(truncatingIfNeeded: unsafe head.pointee.load(ordering: .relaxed) &>> 32)
    }

    /// The present moment. First carries out a journal that is published. Lock-free.
    @inline(__always)
    package func settle() -> Moment {
        while true {
            let value = unsafe head.pointee.load(ordering: .acquiring)
            if value & Sequencer.publishedBit == 0 { return Moment(head: value) }
            help(with: value)
        }
    }

    /// Carries out a journal of another operation.
    @inline(never)
    private func help(with published: UInt64) {
        let entry = helpers.enter()
        // A thread that reads the count after this journal was carried out sees this helper. A helper that
        // enters after that read sees here that the head has moved on, and must not begin.
        if unsafe head.pointee.load(ordering: .sequentiallyConsistent) == published {
            carryOut(published)
        }
        helpers.leave(entry)
    }

    /// True if no transaction was published since `moment`: everything read since then is of one moment.
    @inline(__always)
    package func isStill(_ moment: Moment) -> Bool {
        atomicMemoryFence(ordering: .acquiring)
        return unsafe head.pointee.load(ordering: .relaxed) == moment.head
    }

    /// Reads the map at one moment.
    @inline(__always)
    package func settled<Result>(_ read: () -> Result) -> Result {
        while true {
            let moment = settle()
            let result = read()
            if isStill(moment) { return result }
        }
    }

    /// Makes `journal` the next transaction and carries it out, if no other was published since `moment`.
    ///
    /// - Returns: False if another transaction came first: nothing was changed, and the caller starts over.
    @inline(__always)
    package func publish(_ journal: Journal, in slot: OperationSlot, at moment: Moment) -> Bool {
        if journal.count == 0 { return isStill(moment) }
        slot.setPublishedCount(journal.count)
        let published =
            UInt64(moment.next) &<< 32 | UInt64(slot.index) &<< 1 | Sequencer.publishedBit
        let exchanged = unsafe head.exchange(expected: moment.head, desired: published)
        if exchanged { carryOut(published) }
        return exchanged
    }

    /// Makes an empty transaction: every operation that began its draft before it must start over. Returns
    /// false if another transaction came first.
    @inline(__always)
    package func advance(from moment: Moment) -> Bool {
        unsafe head.exchange(expected: moment.head, desired: UInt64(moment.next) &<< 32)
    }

    /// Carries out the journal that `published` names, unless another thread finishes it first.
    private func carryOut(_ published: UInt64) {
        let slot = slots[UInt(truncatingIfNeeded: (published & 0xFFFF_FFFF) &>> 1)]
        var helper = unsafe Helper(published: published, head: head, slot: slot)
        while let change = helper.next() { helper.make(change) }
        helper.finish()
    }
}
