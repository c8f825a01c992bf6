// An address map in storage of a test's own, and transactions on it.

import Glibc
import Synchronization

@testable import AddressSpace

/// Zeroed memory, filled by the kernel as it is touched.
@safe final class ZeroedBlock: @unchecked Sendable {
    let base: UnsafeMutableRawPointer
    private let byteCount: Int

    init(byteCount: UInt) {
        self.byteCount = Int(byteCount)
        let block = unsafe mmap(
            nil, self.byteCount, PROT_READ | PROT_WRITE,
            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        unsafe base = block!
    }

    deinit { unsafe munmap(base, byteCount) }

    var words: StampedWordPointer { unsafe base.assumingMemoryBound(to: StampedWord.self) }
    var address: UInt { UInt(bitPattern: unsafe base) }
}

/// Head word and slots: what transactions need besides the words they change.
struct TestSequencer: Sendable {
    private let block: ZeroedBlock

    init() {
        block = ZeroedBlock(byteCount: 8 * (8 + OperationSlots.count * OperationSlot.wordCount))
    }

    var head: StampedWordPointer { unsafe block.words }
    var slots: OperationSlots { unsafe OperationSlots(storage: block.words + 8) }
    var sequencer: Sequencer {
        unsafe Sequencer(head: head, slots: slots, helpers: EraCounter(word: block.words + 1))
    }
}

extension Sequencer {
    /// Drafts until the draft is published.
    func transact<Result>(in slot: OperationSlot, _ draft: (inout Journal) -> Result) -> Result {
        while true {
            let moment = settle()
            var journal = unsafe Journal(entries: slot.entries, transaction: moment.next)
            let result = draft(&journal)
            if publish(journal, in: slot, at: moment) { return result }
        }
    }
}

/// An address map with as many tables as were asked for.
final class TestMap: @unchecked Sendable {
    private let words = ZeroedBlock(byteCount: 8 * AddressMapStorage.wordCount)
    private var tables: [ZeroedBlock] = []

    var storage: AddressMapStorage { unsafe AddressMapStorage(words: words.words) }
    var map: AddressMap { AddressMap(storage: storage) }
    var sequencer: Sequencer {
        unsafe Sequencer(
            head: storage.head, slots: storage.slots, helpers: EraCounter(word: storage.helpers))
    }
    var slot: OperationSlot { storage.slots[0] }

    init(tablesOf pages: [UInt] = [0]) {
        for page in pages { install(tableOf: page) }
    }

    func install(tableOf page: UInt) {
        let table = ZeroedBlock(byteCount: PageTableLayout.byteCount)
        if map.directory.install(tableOf: page, storage: table.address) { tables.append(table) }
    }

    func transact<Result>(_ draft: (inout Journal) -> Result) -> Result {
        sequencer.transact(in: slot, draft)
    }

    // What MemoryManager does with the map, in one line each.

    func openArena(_ range: PageRange) {
        transact { map.openArena(range, &$0) }
    }

    func reserve(_ range: PageRange, _ protection: Protection = .readWrite) {
        let attributes = AllocationAttributes(
            initialProtection: PageProtection(protection), placement: .arena)
        transact { journal in
            let free = map.freeState(of: range) ?? .free
            map.reserve(range, attributes, as: .reserved, in: free, &journal)
        }
    }

    /// Changes pages of one allocation, and the commit charge with them.
    func setState(_ state: PageState, of range: PageRange) {
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

    func release(_ range: PageRange, to state: PageState = .available) {
        setState(.reserved, of: range)
        transact { map.setFree(range, to: state, &$0) }
    }

    func gap(for placing: PlacementRequest) -> PageRange? { map.gap(for: placing) }

    func contents(of range: PageRange) -> AddressMap.RangeSummary {
        map.settledSummary(of: range, sequencer)
    }
}

/// Where the table begins whose pages are above the low addresses: those are left to who asks for them.
let highTable: UInt = Page.index(of: Page.endOfLowAddresses)

/// Pages `start ..< end` of that table.
func high(_ range: Range<UInt>) -> PageRange {
    pages(highTable + range.lowerBound..<highTable + range.upperBound)
}

/// Pages `start ..< end`, as a test writes them.
func pages(_ range: Range<UInt>) -> PageRange {
    PageRange(from: range.lowerBound, to: range.upperBound)
}
