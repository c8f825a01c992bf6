// An address map in separate storage for each test, and transactions on it.

import AddressSpace
import Synchronization

/// The head word and the slots, which are all that transactions need besides the words that they change.
package struct TestSequencer: Sendable {
    private let block: ZeroedBlock

    package init() {
        block = ZeroedBlock(byteCount: 8 * (8 + OperationSlots.count * OperationSlot.wordCount))
    }

    package var head: StampedWordPointer { unsafe block.words }
    package var slots: OperationSlots { unsafe OperationSlots(storage: block.words + 8) }
    package var sequencer: Sequencer {
        unsafe Sequencer(head: head, slots: slots, helpers: EraCounter(word: block.words + 1))
    }
}

extension Sequencer {
    /// Drafts until the draft is published.
    package func transact<Result>(in slot: OperationSlot, _ draft: (inout Journal) -> Result)
        -> Result
    {
        while true {
            let moment = settle()
            var journal = unsafe Journal(entries: slot.entries, transaction: moment.next)
            let result = draft(&journal)
            if publish(journal, in: slot, at: moment) { return result }
        }
    }
}

/// An address map with the tables of the given pages.
package final class TestMap: @unchecked Sendable {
    private let words = ZeroedBlock(byteCount: 8 * AddressMapStorage.wordCount)
    private var tables: [ZeroedBlock] = []

    package var storage: AddressMapStorage { unsafe AddressMapStorage(words: words.words) }
    package var map: AddressMap { AddressMap(storage: storage) }
    package var sequencer: Sequencer {
        unsafe Sequencer(
            head: storage.head, slots: storage.slots, helpers: EraCounter(word: storage.helpers))
    }
    package var slot: OperationSlot { storage.slots[0] }

    package init(tablesOf pages: [UInt] = [0]) {
        for page in pages { install(tableOf: page) }
    }

    package func install(tableOf page: UInt) {
        let table = ZeroedBlock(byteCount: PageTableLayout.byteCount)
        if map.directory.install(tableOf: page, storage: table.address) { tables.append(table) }
    }

    package func transact<Result>(_ draft: (inout Journal) -> Result) -> Result {
        sequencer.transact(in: slot, draft)
    }

    // The changes that MemoryManager makes to the map, without the kernel.

    package func openArena(_ range: PageRange) {
        transact { map.openArena(range, &$0) }
    }

    package func reserve(_ range: PageRange, _ protection: Protection = .readWrite) {
        let attributes = AllocationAttributes(
            initialProtection: PageProtection(protection), placement: .arena)
        transact { journal in
            let free = map.freeState(of: range) ?? .unowned
            map.reserve(range, attributes, as: .reserved, in: free, &journal)
        }
    }

    /// Changes pages of one allocation, and adjusts the commit charge.
    package func setState(_ state: PageState, of range: PageRange) {
        let committed = contents(of: range).committedPageCount
        var start = range.start
        while start < range.end {
            start = transact { journal in
                map.setState(state, of: PageRange(from: start, to: range.end), &journal)
            }
        }
        map.charge.remove(committed)
        try! map.charge.add(state.isCommitted ? range.pageCount : 0, limit: .max)
    }

    package func joinPlaceholders(of range: PageRange) {
        var page: UInt = 0
        while page != .max {
            page = transact { map.joinPlaceholders(of: range, from: page, &$0) }
        }
    }

    package func release(_ range: PageRange, to state: PageState = .available) {
        setState(.reserved, of: range)
        transact { map.setFree(range, to: state, &$0) }
    }

    package func gap(for placing: PlacementRequest) -> PageRange? { map.gap(for: placing) }

    package func contents(of range: PageRange) -> AddressMap.RangeSummary {
        map.settledSummary(of: range, sequencer)
    }
}
