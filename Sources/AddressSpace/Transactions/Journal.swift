// The list of word changes that one transaction makes to the shared tables. Drafting a journal writes nothing
// to the tables. Sequencer.swift publishes it, and then any thread can carry it out.

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
    /// A hash set of the addresses in the journal, one bit each: a clear bit shows at once that a word is
    /// new.
    private var noted: UInt64 = 0

    /// - Parameters:
    ///   - entries: Room for `capacity` entries, owned by the running operation.
    ///   - number: The number this transaction gets if it is published.
    @inline(__always)
    package init(entries: StampedWordPointer, transaction number: UInt32) {
        unsafe self.entries = unsafe entries
        unsafe end = unsafe entries
        stamp = UInt64(number) &<< 32
    }

    /// The number of entries.
    @inline(__always) package var count: UInt {
        UInt(bitPattern: unsafe end - entries) / Journal.entryWordCount
    }

    /// Room left, in entries. One boundary takes at most seven in its set.
    @inline(__always) package var remaining: UInt { Journal.capacity &- count }

    /// Drafts that the payload of `word` becomes `(payload & keeping) | setting`. A second change of a word
    /// starts from the result of the first.
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

    /// Same as `change`, for a word that may have an entry already.
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

    /// Drafts that the payload of `word` becomes `value`.
    @inline(__always)
    package mutating func store(_ value: UInt32, in word: StampedWordPointer) {
        unsafe change(word, keeping: 0, setting: value)
    }

    /// The payload of `word` as it will be once the journal is carried out.
    @inline(__always)
    package mutating func load(_ word: StampedWordPointer) -> UInt32 {
        unsafe change(word, keeping: .max, setting: 0).before
    }

    @inline(__always)
    private mutating func append(_ address: UInt64, _ before: UInt64, _ after: UInt64) {
        assert(count < Journal.capacity, "operations stop before the journal is full")
        // An operation that reads while a transaction is carried out may read inconsistent data and draft too
        // much. Its journal is never published, because that transaction came in between; but it must not
        // overrun its slot.
        let limit = unsafe entries + Int(bitPattern: Journal.capacity &* Journal.entryWordCount)
        if unsafe end == limit { return }
        unsafe end[0].store(address, ordering: .relaxed)
        unsafe end[1].store(before, ordering: .relaxed)
        unsafe end[2].store(after, ordering: .relaxed)
        unsafe end += Int(bitPattern: Journal.entryWordCount)
    }
}
