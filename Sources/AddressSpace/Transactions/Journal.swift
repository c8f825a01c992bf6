// The list of word changes that one transaction makes to the shared tables. Nothing is written
// while it is drawn up; Sequencer.swift publishes it and then anybody can carry it out.

import Synchronization

/// Changes to at most `capacity` words, kept in an operation slot where other threads can read them.
@safe package struct Journal {
    package static let capacity: UInt = 112
    /// Words per entry in the slot: address, value before, value after.
    static let entryWordCount: UInt = 3

    private let entries: StampedWordPointer
    /// Where the next entry goes.
    private var end: StampedWordPointer
    private let stamp: UInt64
    /// One bit for each address noted, hashed: most words are new, and are known to be at once.
    private var noted: UInt64 = 0
    /// Set if the author's slot names pages that are to be claimed with this transaction.
    package var isClaiming = false

    /// - Parameters:
    ///   - entries: Room for `capacity` entries, owned by the running operation.
    ///   - number: The number this transaction gets if it is published.
    @inline(__always)
    package init(entries: StampedWordPointer, transaction number: UInt32) {
        unsafe self.entries = unsafe entries
        unsafe end = unsafe entries
        stamp = UInt64(number) &<< 32
    }

    /// Words that are to change.
    @inline(__always) package var count: UInt {
        UInt(bitPattern: unsafe end - entries) / Journal.entryWordCount
    }

    /// Room left, in entries. Changing one page boundary takes seven at most.
    @inline(__always) package var remaining: UInt { Journal.capacity &- count }

    /// Notes that the payload of `word` is to be `(payload & keeping) | setting`; repeated changes of
    /// a word add up.
    ///
    /// - Returns: The payload before and after.
    @inline(__always) @discardableResult
    package mutating func change(
        _ word: StampedWordPointer, keeping: UInt32, setting: UInt32
    ) -> (before: UInt32, after: UInt32) {
        let address = UInt64(UInt(bitPattern: word))
        let hash: UInt64 = 1 &<< (address &>> 3 ^ address &>> 9)
        if noted & hash != 0 {
            return unsafe changeAgain(word, keeping: keeping, setting: setting)
        }
        let present = unsafe word.pointee.load(ordering: .relaxed)
        let before = UInt32(truncatingIfNeeded: present)
        let after = before & keeping | setting
        if after != before {
            noted |= hash
            append(address, present, stamp | UInt64(after))
        }
        return (before, after)
    }

    /// As `change`, for a word that may have been noted already.
    @inline(never)
    private mutating func changeAgain(
        _ word: StampedWordPointer, keeping: UInt32, setting: UInt32
    ) -> (before: UInt32, after: UInt32) {
        let address = UInt64(UInt(bitPattern: word))
        var entry = unsafe end
        while unsafe entry != entries {
            unsafe entry -= Int(bitPattern: Journal.entryWordCount)
            if unsafe entry[0].load(ordering: .relaxed) == address {
                let before = UInt32(truncatingIfNeeded: unsafe entry[2].load(ordering: .relaxed))
                let after = before & keeping | setting
                unsafe entry[2].store(stamp | UInt64(after), ordering: .relaxed)
                return (before, after)
            }
        }
        let present = unsafe word.pointee.load(ordering: .relaxed)
        let before = UInt32(truncatingIfNeeded: present)
        let after = before & keeping | setting
        if after != before { append(address, present, stamp | UInt64(after)) }
        return (before, after)
    }

    /// Notes that the payload of `word` is to be `value`.
    @inline(__always)
    package mutating func store(_ value: UInt32, in word: StampedWordPointer) {
        unsafe change(word, keeping: 0, setting: value)
    }

    /// What the payload of `word` will be once the draft is carried out.
    @inline(__always)
    package mutating func load(_ word: StampedWordPointer) -> UInt32 {
        unsafe change(word, keeping: .max, setting: 0).before
    }

    @inline(__always)
    private mutating func append(_ address: UInt64, _ before: UInt64, _ after: UInt64) {
        assert(count < Journal.capacity, "operations stop before the journal is full")
        // A body that read torn data may lose its way; it must not leave its slot. Such a journal
        // is never published, because the data was torn by a transaction that came between.
        let limit = unsafe entries + Int(bitPattern: Journal.capacity &* Journal.entryWordCount)
        if unsafe end == limit { return }
        unsafe end[0].store(address, ordering: .relaxed)
        unsafe end[1].store(before, ordering: .relaxed)
        unsafe end[2].store(after, ordering: .relaxed)
        unsafe end += Int(bitPattern: Journal.entryWordCount)
    }
}
