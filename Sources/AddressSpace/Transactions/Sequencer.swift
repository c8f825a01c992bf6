// Puts transactions in one order, without a lock.
//
// At most one journal is published at a time. Whoever meets a published journal (its author, another
// thread, a signal handler on top of its author) carries it out to the end before doing anything
// else. Carrying out is a compare-and-swap per entry, and stamps make every word value unique, so it
// does not matter how many do it, nor how late the slowest of them comes.
//
// Hence no thread ever waits for another to leave a critical section: a thread that is interrupted,
// preempted, or stopped for good by a signal (as garbage collectors do) holds up nobody.

import Synchronization

/// The head word: transaction number above; below, whether a journal is published, and in which slot.
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
    ///   - helpers: Counts those who carry out the journals of others.
    @inline(__always)
    package init(
        head: UnsafeMutablePointer<StampedWord>, slots: OperationSlots, helpers: EraCounter
    ) {
        unsafe self.head = unsafe head
        self.slots = slots
        self.helpers = helpers
    }

    /// Whether somebody who has no slot may be about to change a word. In the child of a fork, helpers that
    /// stayed behind in the parent count for ever: one that the fork interrupted may be among them.
    package var isHelped: Bool { !helpers.isZero }

    /// The number of the last transaction published, for `OperationSlots.take`.
    @inline(__always) package var number: UInt32 {
        UInt32(truncatingIfNeeded: unsafe head.pointee.load(ordering: .relaxed) &>> 32)
    }

    /// The present moment, once everything published has been carried out. Lock-free.
    @inline(__always)
    package func settle() -> Moment {
        while true {
            let value = unsafe head.pointee.load(ordering: .acquiring)
            if value & Sequencer.publishedBit == 0 { return Moment(head: value) }
            help(with: value)
        }
    }

    /// Carries out the journal of another.
    @inline(never)
    private func help(with published: UInt64) {
        let entry = helpers.enter()
        // Whoever looks at the count after this journal was carried out sees the helper; one who
        // comes later than that look must not begin.
        if unsafe head.pointee.load(ordering: .sequentiallyConsistent) == published {
            carryOut(published)
        }
        helpers.leave(entry)
    }

    /// True if no transaction was published since `moment`: all that was read belongs together.
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

    /// Makes `journal` the next transaction, if nothing happened since `moment`, and carries it out.
    ///
    /// - Returns: False if another came first; then nothing was done and the caller starts over.
    @inline(__always)
    package func publish(_ journal: Journal, in slot: OperationSlot, at moment: Moment) -> Bool {
        if journal.count == 0 {
            return journal.isClaiming ? advance(from: moment) : isStill(moment)
        }
        slot.setPublishedCount(journal.count)
        let published =
            UInt64(moment.next) &<< 32 | UInt64(slot.index) &<< 1 | Sequencer.publishedBit
        let exchanged = unsafe head.exchange(expected: moment.head, desired: published)
        if exchanged { carryOut(published) }
        return exchanged
    }

    /// An empty transaction: whoever is drafting since `moment` starts over.
    @inline(__always)
    package func advance(from moment: Moment) -> Bool {
        unsafe head.exchange(expected: moment.head, desired: UInt64(moment.next) &<< 32)
    }

    /// Applies the journal that `published` names, unless somebody finished it meanwhile.
    private func carryOut(_ published: UInt64) {
        let slot = slots[UInt(truncatingIfNeeded: (published & 0xFFFF_FFFF) &>> 1)]
        var helper = unsafe Helper(published: published, head: head, slot: slot)
        while let change = helper.next() { helper.make(change) }
        helper.finish()
    }
}
