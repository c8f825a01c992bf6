// Publishing and carrying out one transaction after another.

import Synchronization
import TestSupport
import Testing

@testable import AddressSpace

@Suite("Sequencer")
struct SequencerTests {
    private let shared = TestSequencer()
    private let block = ZeroedBlock(byteCount: 4096)
    private var words: StampedWordPointer { unsafe block.words }
    private var sequencer: Sequencer { shared.sequencer }
    private var slot: OperationSlot { shared.slots[3] }

    private func draft(_ value: UInt32, in slot: OperationSlot, at moment: Sequencer.Moment)
        -> Journal
    {
        var journal = unsafe Journal(entries: slot.entries, transaction: moment.next)
        unsafe journal.store(value, in: words)
        unsafe journal.store(value, in: words + 1)
        return journal
    }

    /// The head as `publish` writes it before the first entry is carried out.
    private func publishOnly(
        _ journal: Journal, in slot: OperationSlot, at moment: Sequencer.Moment
    ) {
        slot.setPublishedCount(journal.count)
        let published = UInt64(moment.next) << 32 | UInt64(slot.index) << 1 | 1
        unsafe shared.head.pointee.store(published, ordering: .releasing)
    }

    @Test("a published journal is carried out")
    func publish() {
        let moment = sequencer.settle()
        let published = sequencer.publish(draft(5, in: slot, at: moment), in: slot, at: moment)
        #expect(published)
        #expect(unsafe payload(of: words) == 5)
        #expect(unsafe payload(of: words + 1) == 5)
    }

    @Test("a journal of an earlier moment is refused and changes nothing")
    func lateJournal() {
        let moment = sequencer.settle()
        let journal = draft(5, in: slot, at: moment)
        sequencer.transact(in: shared.slots[4]) { unsafe $0.store(8, in: words) }
        #expect(!sequencer.isStill(moment))
        let published = sequencer.publish(journal, in: slot, at: moment)
        #expect(!published)
        #expect(unsafe payload(of: words) == 8)
        #expect(unsafe payload(of: words + 1) == 0)
    }

    @Test("a journal without entries needs no transaction, but its moment must not have passed")
    func emptyJournal() {
        let moment = sequencer.settle()
        let journal = unsafe Journal(entries: slot.entries, transaction: moment.next)
        #expect(sequencer.publish(journal, in: slot, at: moment))
        #expect(sequencer.isStill(moment))
        sequencer.transact(in: shared.slots[4]) { unsafe $0.store(8, in: words) }
        #expect(!sequencer.publish(journal, in: slot, at: moment))
    }

    @Test("transactions have consecutive numbers")
    func numbers() {
        let first = sequencer.settle().next
        sequencer.transact(in: slot) { unsafe $0.store(1, in: words) }
        #expect(sequencer.settle().next == first + 1)
    }

    @Test("an operation that meets the journal of a stopped author carries it out")
    func helper() {
        let moment = sequencer.settle()
        publishOnly(draft(5, in: slot, at: moment), in: slot, at: moment)
        #expect(unsafe payload(of: words) == 0)
        let now = sequencer.settle()
        #expect(unsafe payload(of: words) == 5)
        #expect(unsafe payload(of: words + 1) == 5)
        #expect(now.next == moment.next + 1)
    }

    @Test("a half-finished journal is completed, not repeated", arguments: [0, 1])
    func halfway(done: Int) {
        let moment = sequencer.settle()
        publishOnly(draft(5, in: slot, at: moment), in: slot, at: moment)
        unsafe words[done].store(UInt64(moment.next) << 32 | 5, ordering: .relaxed)
        _ = sequencer.settle()
        #expect(unsafe payload(of: words) == 5)
        #expect(unsafe payload(of: words + 1) == 5)
    }

    @Test("a helper that comes too late changes nothing")
    func lateHelper() {
        let moment = sequencer.settle()
        let journal = draft(5, in: slot, at: moment)
        publishOnly(journal, in: slot, at: moment)
        let late = unsafe (
            before: slot.entries[1].load(ordering: .relaxed),
            after: slot.entries[2].load(ordering: .relaxed)
        )
        _ = sequencer.settle()
        sequencer.transact(in: shared.slots[4]) { unsafe $0.store(0, in: words) }
        let exchanged = unsafe words.pointee.compareExchange(
            expected: late.before, desired: late.after, ordering: .relaxed
        ).exchanged
        #expect(!exchanged)
        #expect(unsafe payload(of: words) == 0)
    }

    @Test("transactions continue after their number wraps to zero")
    func wrapping() {
        unsafe shared.head.pointee.store(UInt64(UInt32.max) << 32, ordering: .relaxed)
        for value in UInt32(1)...3 {
            sequencer.transact(in: slot) { unsafe $0.store(value, in: words) }
            #expect(unsafe payload(of: words) == value)
        }
        #expect(sequencer.settle().next == 3)
    }
}
