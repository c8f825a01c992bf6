// The operations of the library. Each decides on the address map (pure, may refuse), acts through
// one kernel call where possible (may refuse), and records (cannot fail).
//
// There are no locks. What an operation decides and records are transactions (Sequencer.swift);
// while it acts, it holds a claim on the pages it changes (ClaimTable.swift), and only operations that need
// these pages wait for it. Nothing here allocates or touches the caller's memory, so every operation may be
// called from a signal handler or from a malloc.

import AddressSpace
import LinuxKernel
import Synchronization

/// The address map of this process, and the kernel behind it.
@safe package struct MemoryManager {
    let storage: AddressMapStorage

    @inline(__always)
    init(storage: AddressMapStorage) { self.storage = storage }

    @inline(__always) package var map: AddressMap { AddressMap(storage: storage) }
    @inline(__always) var slots: OperationSlots { storage.slots }
    @inline(__always) var sequencer: Sequencer {
        unsafe Sequencer(
            head: storage.head, slots: storage.slots, helpers: EraCounter(word: storage.helpers))
    }
    @inline(__always) var claimWaiting: ClaimWaiting {
        unsafe ClaimWaiting(words: storage.waiting)
    }

    /// The memory manager of this process. Its storage is fixed, so access costs nothing.
    @inline(__always)
    package static var shared: MemoryManager {
        let words = unsafe FixedStorage.addressMap
        return unsafe MemoryManager(
            storage: AddressMapStorage(words: words.assumingMemoryBound(to: StampedWord.self)))
    }
}
