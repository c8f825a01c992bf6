// Carries out a published journal: for its author, or for another operation that met it.

import Synchronization

/// Carries out one journal, step by step. Any number of threads may do so at once, and each may be stopped
/// after any step for any time.
@safe struct Helper {
    /// One entry of the journal: the change of a word.
    @safe struct Change {
        fileprivate let word: StampedWordPointer
        fileprivate let before: UInt64
        fileprivate let after: UInt64
    }

    private let published: UInt64
    private let head: StampedWordPointer
    private var entry: StampedWordPointer
    private var remaining: UInt

    /// - Parameters:
    ///   - published: The value of the head word that names the journal.
    ///   - slot: Where the journal is.
    @inline(__always)
    init(published: UInt64, head: StampedWordPointer, slot: OperationSlot) {
        self.published = published
        unsafe self.head = unsafe head
        unsafe entry = unsafe slot.entries
        remaining = min(slot.publishedCount, Journal.capacity)
    }

    /// Reads the next entry: `nil` after the last one, and once another thread has finished the journal.
    @inline(__always)
    mutating func next() -> Change? {
        if remaining == 0 { return nil }
        let address = UInt(truncatingIfNeeded: unsafe entry[0].load(ordering: .relaxed))
        let before = unsafe entry[1].load(ordering: .relaxed)
        let after = unsafe entry[2].load(ordering: .relaxed)
        // The author reuses its slot only after the head has moved on. If the head is still the same, the
        // entry just read belongs to this journal, and its address is that of a word of the map.
        atomicMemoryFence(ordering: .acquiring)
        if unsafe head.pointee.load(ordering: .relaxed) != published { return nil }
        guard let word = unsafe StampedWordPointer(bitPattern: address) else { return nil }
        unsafe entry += Int(bitPattern: Journal.entryWordCount)
        remaining &-= 1
        return unsafe Change(word: word, before: before, after: after)
    }

    /// Changes the word, unless another thread has done so already.
    @inline(__always)
    func make(_ change: Change) {
        // Two changes of one word may have cancelled each other out while the journal was drafted.
        if UInt32(truncatingIfNeeded: change.before ^ change.after) == 0 { return }
        _ = unsafe change.word.exchange(expected: change.before, desired: change.after)
    }

    /// After the last entry, marks the journal as done in the head, unless another thread has done so
    /// already.
    @inline(__always)
    func finish() {
        if remaining != 0 { return }
        _ = unsafe head.exchange(expected: published, desired: published & ~0xFFFF_FFFF)
    }
}
