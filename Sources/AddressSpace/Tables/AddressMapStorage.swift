// Where each part of the address map's fixed storage begins. The tables, which grow, come apart
// from it (PageTable.swift).

import Synchronization

/// One block of zeroed words, lent by the caller for the life of the process.
@safe package struct AddressMapStorage {
    // The words that every operation writes share one cache line; those that it only reads share another.
    private static let headOffset: UInt = 0
    private static let claimMasksOffset: UInt = 1
    private static let chargeOffset: UInt = 3
    private static let waitingOffset: UInt = 4
    private static let frontierOffset: UInt = 7
    private static let settingsOffset: UInt = 8
    private static let forkSlotOffset: UInt = 11
    private static let peakChargeOffset: UInt = 12
    private static let helpersOffset: UInt = 13
    private static let tableMemoryOffset: UInt = 14
    private static let rootOffset: UInt = 16
    private static let upperOffset = rootOffset + 16
    /// Words of levels 4 and 5 of one boundary set.
    private static let upperWordCount: UInt = 1024 + 32
    private static let slotsOffset = upperOffset + BoundarySet.count * upperWordCount
    private static let tableMarksOffset =
        slotsOffset + OperationSlots.count * OperationSlot.wordCount
    private static let placeCacheOffset = tableMarksOffset + TableMemory.markWordCount
    private static let historyOffset = placeCacheOffset + PlaceCache.wordCount
    private static let islandsOffset = historyOffset + AddressHistory.wordCount
    /// Alone in its page of memory.
    private static let presenceOffset = (islandsOffset + islandsWordCount + 511) / 512 * 512
    private static let islandsWordCount: UInt = 7
    private static let directoryOffset = presenceOffset + 512
    /// Words to lend, 8 bytes each.
    package static let wordCount = directoryOffset + PageTableLayout.tableCount

    private let words: StampedWordPointer

    @inline(__always)
    package init(words: StampedWordPointer) { unsafe self.words = unsafe words }

    @inline(__always)
    private func at(_ offset: UInt) -> StampedWordPointer {
        unsafe words + Int(bitPattern: offset)
    }

    @inline(__always) package var head: StampedWordPointer {
        unsafe at(AddressMapStorage.headOffset)
    }
    @inline(__always) var charge: StampedWordPointer { unsafe at(AddressMapStorage.chargeOffset) }
    @inline(__always) var peakCharge: StampedWordPointer {
        unsafe at(AddressMapStorage.peakChargeOffset)
    }
    @inline(__always) var claimMasks: StampedWordPointer {
        unsafe at(AddressMapStorage.claimMasksOffset)
    }
    /// Reads zero in the child of a fork: it is alone in a page that the kernel wipes in a child.
    @inline(__always) package var presence: StampedWordPointer {
        unsafe at(AddressMapStorage.presenceOffset)
    }
    /// One word that belongs to MemoryManager (MemoryManager+Fork.swift).
    @inline(__always) package var forkSlot: StampedWordPointer {
        unsafe at(AddressMapStorage.forkSlotOffset)
    }
    /// Seven words that belong to MemoryManager (Islands.swift, Ballast.swift).
    @inline(__always) package var islands: StampedWordPointer {
        unsafe at(AddressMapStorage.islandsOffset)
    }
    @inline(__always) package var history: AddressHistory {
        unsafe AddressHistory(words: at(AddressMapStorage.historyOffset))
    }
    /// Three words that belong to MemoryManager (Settings.swift).
    @inline(__always) package var settings: StampedWordPointer {
        unsafe at(AddressMapStorage.settingsOffset)
    }
    /// Three words that belong to MemoryManager (ClaimWaiting.swift).
    @inline(__always) package var waiting: StampedWordPointer {
        unsafe at(AddressMapStorage.waitingOffset)
    }
    /// Sequencer.swift.
    @inline(__always) package var helpers: StampedWordPointer {
        unsafe at(AddressMapStorage.helpersOffset)
    }
    /// AddressMap+Frontier.swift.
    @inline(__always) var frontier: StampedWordPointer {
        unsafe at(AddressMapStorage.frontierOffset)
    }

    /// The topmost word of boundary set `number`.
    @inline(__always)
    func root(ofSet number: UInt) -> StampedWordPointer {
        unsafe at(AddressMapStorage.rootOffset &+ number)
    }

    /// Word `index` of levels 4 and 5 of boundary set `number`.
    @inline(__always)
    func upperWord(_ index: UInt, ofSet number: UInt) -> StampedWordPointer {
        let start = AddressMapStorage.upperOffset &+ number &* AddressMapStorage.upperWordCount
        return unsafe at(start &+ index)
    }

    @inline(__always) var memory: TableMemory {
        unsafe TableMemory(
            words: at(AddressMapStorage.tableMemoryOffset),
            marks: at(AddressMapStorage.tableMarksOffset), directory: directory)
    }

    @inline(__always) var placeCache: PlaceCache {
        unsafe PlaceCache(words: at(AddressMapStorage.placeCacheOffset))
    }

    @inline(__always) package var slots: OperationSlots {
        unsafe OperationSlots(storage: at(AddressMapStorage.slotsOffset))
    }

    @inline(__always) package var directory: PageDirectory {
        let storage = unsafe UnsafeMutableRawPointer(at(AddressMapStorage.directoryOffset))
        return unsafe PageDirectory(storage: storage.assumingMemoryBound(to: Atomic<UInt>.self))
    }
}
