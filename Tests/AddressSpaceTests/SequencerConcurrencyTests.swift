// Transactions of several threads at once, some of which are left by their authors.

import Synchronization
import TestSupport
import Testing

@testable import AddressSpace

@Suite("Sequencer, several threads")
struct SequencerConcurrencyTests {
    private static let threadCount = 4
    private static let wordCount = 24
    private static let start: UInt32 = 1_000_000

    private let shared = TestSequencer()
    private let block = ZeroedBlock(byteCount: 8192)
    private var words: StampedWordPointer { unsafe block.words }

    private func sum() -> Int {
        (0..<Self.wordCount).reduce(0) {
            unsafe $0 + Int(Int32(bitPattern: payload(of: words + $1)))
        }
    }

    /// Drafts a move of `amount` between two words, and counts it in a third.
    private func draftMove(
        _ generator: inout SeededGenerator, thread: Int, _ journal: inout Journal
    ) {
        let from = unsafe words + Int.random(in: 0..<Self.wordCount, using: &generator)
        let to = unsafe words + Int.random(in: 0..<Self.wordCount, using: &generator)
        let amount = UInt32.random(in: 1...9, using: &generator)
        unsafe journal.store(journal.load(from) &- amount, in: from)
        unsafe journal.store(journal.load(to) &+ amount, in: to)
        let counter = unsafe words + Self.wordCount + thread
        unsafe journal.store(journal.load(counter) &+ 1, in: counter)
    }

    private func publishOnly(
        _ journal: Journal, in slot: OperationSlot, at moment: Sequencer.Moment
    )
        -> Bool
    {
        slot.setPublishedCount(journal.count)
        let published = UInt64(moment.next) << 32 | UInt64(slot.index) << 1 | 1
        return unsafe shared.head.pointee.compareExchange(
            expected: UInt64(moment.next &- 1) << 32, desired: published,
            ordering: .acquiringAndReleasing
        ).exchanged
    }

    /// `count` moves; every third is published and then left for others to carry out.
    private func move(_ count: Int, thread: Int, seed: UInt64) {
        var generator = SeededGenerator(seed: seed &+ UInt64(thread))
        let sequencer = shared.sequencer
        for turn in 0..<count {
            let slot = shared.slots[UInt(thread * 2 + turn & 1)]
            while true {
                var attempt = generator
                let moment = sequencer.settle()
                var journal = unsafe Journal(entries: slot.entries, transaction: moment.next)
                draftMove(&attempt, thread: thread, &journal)
                let isPublished =
                    turn % 3 == 0
                    ? publishOnly(journal, in: slot, at: moment)
                    : sequencer.publish(journal, in: slot, at: moment)
                if isPublished {
                    generator = attempt
                    break
                }
            }
        }
    }

    @Test(
        "no update is lost, even if authors stop in the middle",
        arguments: [1, 2, 3] as [UInt64])
    func sumsAreKept(seed: UInt64) {
        let count = 3000
        for index in 0..<Self.wordCount {
            unsafe words[index].store(UInt64(Self.start), ordering: .relaxed)
        }
        let total = sum()
        onThreads(Self.threadCount) { move(count, thread: $0, seed: seed &* 1000) }
        _ = shared.sequencer.settle()
        #expect(sum() == total, "seed \(seed)")
        for thread in 0..<Self.threadCount {
            let counted = unsafe payload(of: words + Self.wordCount + thread)
            #expect(counted == UInt32(count), "seed \(seed), thread \(thread)")
        }
    }

    private final class Tally: Sendable {
        let isDone = Atomic(false)
        let torn = Atomic(0)
    }

    @Test(
        "values that were read at one moment are consistent",
        arguments: [4, 5] as [UInt64])
    func readersSeeWholeTransactions(seed: UInt64) {
        let tally = Tally()
        onThreads(2) { thread in
            if thread == 0 {
                move(20_000, thread: 0, seed: seed)
                return tally.isDone.store(true, ordering: .relaxed)
            }
            while !tally.isDone.load(ordering: .relaxed) {
                let moment = shared.sequencer.settle()
                let isTorn = sum() != 0
                if isTorn && shared.sequencer.isStill(moment) {
                    tally.torn.add(1, ordering: .relaxed)
                }
            }
        }
        #expect(tally.torn.load(ordering: .relaxed) == 0, "seed \(seed)")
    }
}
