// Random journals and random interleavings of helpers, in one thread, against a plain array.

import Synchronization
import TestSupport
import Testing

@testable import AddressSpace

/// The sequencer's helper, one step at a time. A test can stop it after any step, as the kernel can stop a
/// thread: also after it has read an entry and before it changes the word.
private struct SlowHelper {
    private var helper: Helper
    private var change: Helper.Change?

    init(published: UInt64, head: StampedWordPointer, slot: OperationSlot) {
        helper = unsafe Helper(published: published, head: head, slot: slot)
    }

    /// Takes one more step; false at the end.
    mutating func step() -> Bool {
        if let change {
            helper.make(change)
            self.change = nil
            return true
        }
        change = helper.next()
        if change == nil { helper.finish() }
        return change != nil
    }
}

@Suite("Sequencer, random interleavings")
struct SequencerModelTests {
    private static let wordCount = 16
    private let shared = TestSequencer()
    private let block = ZeroedBlock(byteCount: 4096)
    private var words: StampedWordPointer { unsafe block.words }

    private func draft(
        _ model: inout [UInt32], _ generator: inout SeededGenerator, _ journal: inout Journal
    ) {
        for _ in 0..<Int.random(in: 1...20, using: &generator) {
            let index = Int.random(in: 0..<Self.wordCount, using: &generator)
            let keeping = UInt32.random(in: 0...(.max), using: &generator)
            let setting = UInt32.random(in: 0...7, using: &generator)
            unsafe journal.change(words + index, keeping: keeping, setting: setting)
            model[index] = model[index] & keeping | setting
        }
    }

    /// Makes up to `limit` steps of randomly chosen helpers. The last three helpers are never removed.
    private func step(
        _ helpers: inout [SlowHelper], upTo limit: Int, _ generator: inout SeededGenerator
    ) {
        for _ in 0..<Int.random(in: 0...limit, using: &generator) {
            guard let index = helpers.indices.randomElement(using: &generator) else { return }
            if !helpers[index].step() && helpers.count > 3 { helpers.remove(at: index) }
        }
    }

    private func expectWords(_ model: [UInt32], _ moment: String) {
        let present = (0..<Self.wordCount).map { unsafe payload(of: words + $0) }
        #expect(present == model, "\(moment)")
    }

    @Test(
        "helpers in any number and order, stopped after any step, make each change once",
        arguments: seeds(200, watched: 20))
    func interleavings(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var model = [UInt32](repeating: 0, count: Self.wordCount)
        var helpers: [SlowHelper] = []
        for turn in UInt(0)..<40 {
            let slot = shared.slots[turn % 3]
            let moment = shared.sequencer.settle()
            var journal = unsafe Journal(entries: slot.entries, transaction: moment.next)
            var next = model
            draft(&next, &generator, &journal)
            // Late helpers of the slot's previous journal now find one that is not published yet, and
            // sometimes never will be.
            step(&helpers, upTo: 30, &generator)
            expectWords(model, "seed \(seed), turn \(turn), before it")
            if journal.count == 0 || Int.random(in: 0..<4, using: &generator) == 0 { continue }
            slot.setPublishedCount(journal.count)
            let published = UInt64(moment.next) << 32 | UInt64(slot.index) << 1 | 1
            unsafe shared.head.pointee.store(published, ordering: .relaxed)
            for _ in 0..<3 {
                unsafe helpers.append(
                    SlowHelper(published: published, head: shared.head, slot: slot))
            }
            step(&helpers, upTo: 60, &generator)
            _ = shared.sequencer.settle()
            model = next
            expectWords(model, "seed \(seed), turn \(turn)")
        }
    }
}
