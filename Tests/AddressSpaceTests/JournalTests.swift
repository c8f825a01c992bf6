// Drafting word changes.

import Synchronization
import TestSupport
import Testing

@testable import AddressSpace

@Suite("Journals")
struct JournalTests {
    private let block = ZeroedBlock(byteCount: 8 * 1024)
    private var words: StampedWordPointer { unsafe block.words + 512 }

    private func journal() -> Journal { unsafe Journal(entries: block.words, transaction: 7) }

    @Test("a draft writes nothing")
    func draftWritesNothing() {
        var journal = journal()
        unsafe journal.store(5, in: words)
        #expect(unsafe payload(of: words) == 0)
        #expect(journal.count == 1)
    }

    @Test("a draft reads what it has drafted")
    func draftReadsItself() {
        var journal = journal()
        unsafe journal.store(5, in: words)
        let drafted = unsafe journal.load(words)
        let untouched = unsafe journal.load(words + 1)
        #expect(drafted == 5)
        #expect(untouched == 0)
    }

    @Test("a change keeps the bits it is told to keep and sets the others")
    func keepingAndSetting() {
        unsafe words.pointee.store(0x0000_0003_0000_00FF, ordering: .relaxed)
        var journal = journal()
        let change = unsafe journal.change(words, keeping: ~0xF0, setting: 0x1_0000)
        #expect(change.before == 0xFF)
        #expect(change.after == 0x1_000F)
    }

    @Test(
        "repeated changes of a word add up in one entry, from the first value before to the last after"
    )
    func changesAddUp() {
        unsafe words.pointee.store(0x0000_0003_0000_00FF, ordering: .relaxed)
        var journal = journal()
        unsafe journal.change(words, keeping: ~0x0F, setting: 0)
        unsafe journal.change(words, keeping: .max, setting: 0x100)
        let before = unsafe block.words[1].load(ordering: .relaxed)
        let after = unsafe block.words[2].load(ordering: .relaxed)
        #expect(journal.count == 1)
        #expect(before == 0x0000_0003_0000_00FF)
        #expect(after == 0x0000_0007_0000_01F0)
    }

    @Test("a change without effect takes no entry")
    func idleChange() {
        var journal = journal()
        unsafe journal.change(words, keeping: .max, setting: 0)
        unsafe journal.store(0, in: words)
        #expect(journal.count == 0)
        #expect(journal.remaining == Journal.capacity)
    }

    @Test("an entry names its word and carries the number of the transaction")
    func entry() {
        var journal = journal()
        unsafe journal.store(9, in: words + 3)
        let address = unsafe block.words[0].load(ordering: .relaxed)
        let after = unsafe block.words[2].load(ordering: .relaxed)
        let expected = unsafe UInt64(UInt(bitPattern: words + 3))
        #expect(address == expected)
        #expect(after == 7 << 32 | 9)
    }

    @Test("there is room for as many words as the capacity says")
    func capacity() {
        var journal = journal()
        for index in 0..<Int(Journal.capacity) { unsafe journal.store(1, in: words + index) }
        #expect(journal.count == Journal.capacity)
        #expect(journal.remaining == 0)
        let last = unsafe journal.load(words + Int(Journal.capacity) - 1)
        #expect(last == 1)
    }
}
