// Where the parts of the fixed storage lie.

import TestSupport
import Testing

@testable import AddressSpace

@Suite("Address map storage")
struct AddressMapStorageTests {
    private struct Part {
        let start: UInt
        let wordCount: UInt
    }

    private let block = ZeroedBlock(byteCount: 8 * AddressMapStorage.wordCount)

    private var parts: [Part] {
        let storage = unsafe AddressMapStorage(words: block.words)
        let slots = storage.slots
        let slotWords = OperationSlot.wordCount
        let pointers: [(pointer: StampedWordPointer, wordCount: UInt)] = unsafe [
            (storage.head, 1), (storage.charge, 1), (storage.peakCharge, 1),
            (storage.claimMasks, OperationSlots.count / 64),
            (storage.settings, 3), (storage.forkSlot, 1), (storage.waiting, 3),
            (storage.frontier, 1),
            (storage.root(ofSet: 0), BoundarySet.count),
            (storage.upperWord(0, ofSet: 0), BoundarySet.count * 1056),
            (slots[0].entries, (OperationSlots.count - 1) * slotWords + Journal.capacity * 3),
        ]
        return unsafe pointers.map { part in
            unsafe Part(
                start: (UInt(bitPattern: part.pointer) - block.address) / 8,
                wordCount: part.wordCount)
        }
    }

    @Test("the parts of the storage do not overlap, and the directory is the last")
    func disjoint() throws {
        let sorted = parts.sorted { $0.start < $1.start }
        for (part, next) in zip(sorted, sorted.dropFirst()) {
            #expect(part.start + part.wordCount <= next.start)
        }
        let last = try #require(sorted.last)
        #expect(
            last.start + last.wordCount <= AddressMapStorage.wordCount - PageTableLayout.tableCount)
    }

    @Test("the directory has a word for every table, and ends with the storage")
    func directory() {
        let directory = unsafe AddressMapStorage(words: block.words).directory
        _ = directory.install(tableOf: Page.endOfMap - 1, storage: 0x1000)
        let last = unsafe block.words[Int(AddressMapStorage.wordCount) - 1]
            .load(ordering: .relaxed)
        #expect(last == 0x1000)
    }
}
