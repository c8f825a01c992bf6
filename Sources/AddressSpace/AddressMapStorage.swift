// Where each part of the address map's fixed storage begins. The tables, which grow, come apart
// from it (PageTable.swift).

import Synchronization

/// One block of zeroed words, lent by the caller for the life of the process.
@safe package struct AddressMapStorage {
    private static let headOffset: UInt = 0
    private static let chargeOffset: UInt = 8
    private static let claimMasksOffset: UInt = 16
    private static let settingsOffset: UInt = 20
    private static let waitingOffset: UInt = 24
    private static let runUpperOffset: UInt = 32
    private static let allocationUpperOffset = runUpperOffset + BoundarySet.upperWordCount
    private static let gapUpperOffset = allocationUpperOffset + BoundarySet.upperWordCount
    private static let slotsOffset = gapUpperOffset + GapSets.upperWordCount
    private static let directoryOffset =
        slotsOffset + OperationSlots.count * OperationSlot.wordCount
    /// Words to lend, 8 bytes each.
    package static let wordCount = directoryOffset + PageTableLayout.tableCount

    private let words: StampedWordPointer

    @inline(__always)
    package init(words: StampedWordPointer) { unsafe self.words = unsafe words }

    @inline(__always)
    private func at(_ offset: UInt) -> StampedWordPointer {
        unsafe words + Int(bitPattern: offset)
    }

    package var head: StampedWordPointer { unsafe at(AddressMapStorage.headOffset) }
    var charge: StampedWordPointer { unsafe at(AddressMapStorage.chargeOffset) }
    var claimMasks: StampedWordPointer { unsafe at(AddressMapStorage.claimMasksOffset) }
    /// Four words that belong to MemoryManager.
    package var settings: StampedWordPointer { unsafe at(AddressMapStorage.settingsOffset) }
    /// Three words that belong to MemoryManager (ClaimWaiting.swift).
    package var waiting: StampedWordPointer { unsafe at(AddressMapStorage.waitingOffset) }
    var runUpper: StampedWordPointer { unsafe at(AddressMapStorage.runUpperOffset) }
    var allocationUpper: StampedWordPointer {
        unsafe at(AddressMapStorage.allocationUpperOffset)
    }

    var gapUpper: StampedWordPointer { unsafe at(AddressMapStorage.gapUpperOffset) }

    package var slots: OperationSlots {
        unsafe OperationSlots(storage: at(AddressMapStorage.slotsOffset))
    }

    package var directory: PageDirectory {
        let storage = unsafe UnsafeMutableRawPointer(at(AddressMapStorage.directoryOffset))
        return unsafe PageDirectory(storage: storage.assumingMemoryBound(to: Atomic<UInt>.self))
    }
}
