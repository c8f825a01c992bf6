// The running operations: each holds a slot with its journal and, while it is calling the kernel,
// its claim on a range of pages. The slots outlive threads, so that any thread may read them at any time.

import Synchronization

/// One running operation: who runs it, which pages it claims, and its journal.
@safe package struct OperationSlot {
    /// Words of a slot: header, then the journal's entries.
    package static let wordCount: UInt =
        headerWordCount &+ Journal.capacity &* Journal.entryWordCount
    private static let headerWordCount: UInt = 5
    /// In the word of the owner: the operation has lost its claim (Revocation.swift).
    private static let revokedBit: UInt64 = 1 &<< 31
    private static let threadMask: UInt64 = revokedBit &- 1

    package let index: UInt
    private let words: StampedWordPointer

    @inline(__always)
    init(index: UInt, words: StampedWordPointer) {
        self.index = index
        unsafe self.words = unsafe words
    }

    /// Thread identifier of the owner; zero while the slot is free.
    @inline(__always) package var owner: UInt32 {
        UInt32(
            truncatingIfNeeded: unsafe words[0].load(ordering: .relaxed) & OperationSlot.threadMask)
    }

    /// The last transaction published before the slot was taken; `nil` while the slot is free.
    @inline(__always) var beginning: UInt32? {
        let value = unsafe words[0].load(ordering: .sequentiallyConsistent)
        return value == 0 ? nil : UInt32(truncatingIfNeeded: value &>> 32)
    }

    /// - Parameters:
    ///   - thread: Its identifier, not zero.
    ///   - number: `Sequencer.number`, read before this call.
    @inline(__always)
    package func tryTake(for thread: UInt32, at number: UInt32) -> Bool {
        unsafe words.exchange(expected: 0, desired: UInt64(number) &<< 32 | UInt64(thread))
    }

    @inline(__always)
    package func giveBack() { unsafe words[0].store(0, ordering: .releasing) }

    /// Gives the slot back, unless another operation owns it by now.
    @inline(__always)
    package func giveBack(from ownership: UInt64) {
        if self.ownership & ~OperationSlot.revokedBit == ownership { giveBack() }
    }

    /// The word of the owner: the value by which an operation recognises that the slot is still its own.
    @inline(__always)
    package var ownership: UInt64 { unsafe words[0].load(ordering: .relaxed) }

    /// Takes the claim away from an operation of the same thread that was interrupted, or was left by a jump.
    /// If the operation ever continues, it finds this out and starts over.
    package func revoke() {
        unsafe words[0].store(ownership | OperationSlot.revokedBit, ordering: .relaxed)
    }

    /// Whether the operation with this `ownership` still owns the slot and its claim.
    @inline(__always)
    package func isHeld(by ownership: UInt64) -> Bool { self.ownership == ownership }

    package var isRevoked: Bool { ownership & OperationSlot.revokedBit != 0 }

    /// Returns a revoked slot to the operation with this `ownership`.
    ///
    /// - Returns: False if another operation owns it by now.
    package func reclaim(for ownership: UInt64) -> Bool {
        unsafe words.exchange(
            expected: ownership | OperationSlot.revokedBit, desired: ownership)
    }

    /// Pages that the operation has charged and not recorded yet; negative: pages whose charge it
    /// returns once it has recorded.
    @inline(__always)
    package var pendingCharge: Int {
        get { Int(bitPattern: UInt(unsafe words[4].load(ordering: .relaxed))) }
        nonmutating set {
            unsafe words[4].store(UInt64(UInt(bitPattern: newValue)), ordering: .relaxed)
        }
    }

    /// The pending charge, which is zero afterwards. One step: the handler of a signal may take it as well.
    @inline(__always)
    package func takePendingCharge() -> Int {
        while true {
            let pending = unsafe words[4].load(ordering: .relaxed)
            if pending == 0 { return 0 }
            if unsafe (words + 4).exchange(expected: pending, desired: 0) {
                return Int(bitPattern: UInt(pending))
            }
        }
    }

    /// Changes the owner: in the child of a fork the thread has a new identifier.
    package func passOn(to thread: UInt32) {
        unsafe words[0].store(UInt64(beginning ?? 0) &<< 32 | UInt64(thread), ordering: .relaxed)
    }

    /// The claimed pages; meaningful while the claim is announced in `ClaimTable`.
    @inline(__always)
    package var claim: PageRange? {
        let start = UInt(truncatingIfNeeded: unsafe words[1].load(ordering: .relaxed))
        let end = UInt(truncatingIfNeeded: unsafe words[2].load(ordering: .relaxed))
        return start < end && end <= Page.endOfMap ? PageRange(from: start, to: end) : nil
    }

    @inline(__always)
    package func setClaim(_ range: PageRange) {
        unsafe words[1].store(UInt64(range.start), ordering: .relaxed)
        unsafe words[2].store(UInt64(range.end), ordering: .relaxed)
    }

    @inline(__always) package var entries: StampedWordPointer {
        unsafe words + Int(bitPattern: OperationSlot.headerWordCount)
    }

    @inline(__always) package var publishedCount: UInt {
        UInt(truncatingIfNeeded: unsafe words[3].load(ordering: .relaxed))
    }

    /// A number kept in a slot that is held beyond an operation; such a slot has no journal.
    package var note: UInt {
        get { publishedCount }
        nonmutating set { setPublishedCount(newValue) }
    }

    @inline(__always)
    package func setPublishedCount(_ count: UInt) {
        unsafe words[3].store(UInt64(count), ordering: .relaxed)
    }
}

/// All slots, in storage lent by the caller: `count * OperationSlot.wordCount` words, zeroed.
@safe package struct OperationSlots {
    package static let count: UInt = 128

    private let words: StampedWordPointer

    @inline(__always)
    package init(storage: StampedWordPointer) { unsafe words = unsafe storage }

    @inline(__always)
    package subscript(index: UInt) -> OperationSlot {
        let index = index & (OperationSlots.count &- 1)
        return unsafe OperationSlot(
            index: index, words: words + Int(bitPattern: index &* OperationSlot.wordCount))
    }

    /// True if every running operation, except that of `slot`, began after transaction `number` had been
    /// carried out. Then none of them can still change a word for that transaction or an earlier one.
    package func haveAllBegun(after number: UInt32, but slot: OperationSlot) -> Bool {
        for index in 0..<OperationSlots.count where index != slot.index {
            if let beginning = self[index].beginning,
                Int32(bitPattern: beginning &- number) <= 0
            {
                return false
            }
        }
        return true
    }

    /// True if `thread` owns every slot.
    package func areAllOwned(by thread: UInt32) -> Bool {
        for index in 0..<OperationSlots.count where self[index].owner != thread { return false }
        return true
    }

    /// Takes a free slot for `thread`.
    ///
    /// - Parameters: Those of `OperationSlot.tryTake`.
    /// - Returns: `nil` when all are taken: more threads are inside the library at this moment than
    ///   there are slots. The caller yields and asks again.
    @inline(__always)
    package func take(for thread: UInt32, at number: UInt32) -> OperationSlot? {
        let first = UInt(thread)
        for offset in 0..<OperationSlots.count {
            let slot = self[first &+ offset]
            if slot.tryTake(for: thread, at: number) { return slot }
        }
        return nil
    }
}
