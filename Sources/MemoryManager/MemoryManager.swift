// The operations of the library. Each decides on the address map (pure, may refuse), acts through
// one kernel call where possible (may refuse), and records (cannot fail).
//
// There are no locks. What an operation decides and records are transactions (Sequencer.swift);
// while it acts, it holds a claim on the pages it changes (ClaimTable.swift), and only operations
// that need some of these very pages wait for it. Nothing here allocates or touches the caller's
// memory, so every operation may be called from a signal handler or from a malloc.

import AddressSpace
import CLinux
import Synchronization

/// The address map of this process, and the kernel behind it.
@safe package struct MemoryManager {
    package let map: AddressMap
    let sequencer: Sequencer
    let slots: OperationSlots
    let settings: Settings
    let claimWaiting: ClaimWaiting

    @inline(__always)
    init(storage: AddressMapStorage) {
        map = AddressMap(storage: storage)
        slots = storage.slots
        sequencer = unsafe Sequencer(head: storage.head, slots: slots)
        settings = unsafe Settings(words: storage.settings)
        claimWaiting = unsafe ClaimWaiting(words: storage.waiting)
    }

    /// The one of this process. Costs nothing: its storage is fixed.
    @inline(__always)
    package static var shared: MemoryManager {
        let words = unsafe UnsafeMutableRawPointer(win32memory_map_words()!)
        return unsafe MemoryManager(
            storage: AddressMapStorage(words: words.assumingMemoryBound(to: StampedWord.self)))
    }
}
