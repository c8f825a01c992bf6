// Whoever carries out a published journal: its author, or another that met it.

import Synchronization

/// Carries out one journal, step by step. Any number may do so at once, each stopped after any step for
/// any time.
@safe struct Helper {
    /// What one entry of the journal asks for.
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

    /// Reads the next entry: `nil` behind the last one, and once somebody has carried out all of them.
    @inline(__always)
    mutating func next() -> Change? {
        if remaining == 0 { return nil }
        let address = UInt(truncatingIfNeeded: unsafe entry[0].load(ordering: .relaxed))
        let before = unsafe entry[1].load(ordering: .relaxed)
        let after = unsafe entry[2].load(ordering: .relaxed)
        // The author reuses its slot only after the head has moved on. While it has not, what was just
        // read is this journal's and the address is a word of the tables.
        atomicMemoryFence(ordering: .acquiring)
        if unsafe head.pointee.load(ordering: .relaxed) != published { return nil }
        guard let word = unsafe StampedWordPointer(bitPattern: address) else { return nil }
        unsafe entry += Int(bitPattern: Journal.entryWordCount)
        remaining &-= 1
        return unsafe Change(word: word, before: before, after: after)
    }

    /// Changes the word, unless somebody else has done so already.
    @inline(__always)
    func make(_ change: Change) {
        // Changes may have cancelled each other out while the journal was drawn up.
        if UInt32(truncatingIfNeeded: change.before ^ change.after) == 0 { return }
        _ = unsafe change.word.exchange(expected: change.before, desired: change.after)
    }

    /// Moves the head on behind the last entry, unless somebody else has done so already.
    @inline(__always)
    func finish() {
        if remaining != 0 { return }
        _ = unsafe head.exchange(expected: published, desired: published & ~0xFFFF_FFFF)
    }
}
