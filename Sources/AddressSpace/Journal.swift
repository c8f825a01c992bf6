// The list of word changes that one transaction makes to the shared tables. Nothing is written
// while it is drawn up; Sequencer.swift publishes it and then anybody can carry it out.

import Synchronization

/// A word of the shared tables: 32 bits of payload below, the number of the transaction that wrote
/// them above. The stamp makes every value of a word unique, so a compare-and-swap that comes too
/// late cannot succeed.
package typealias StampedWord = Atomic<UInt64>
package typealias StampedWordPointer = UnsafeMutablePointer<StampedWord>

@inline(__always)
package func payload(of word: StampedWordPointer) -> UInt32 {
    UInt32(truncatingIfNeeded: unsafe word.pointee.load(ordering: .relaxed))
}

/// Changes to at most `capacity` words, kept in an operation slot where other threads can read them.
@safe package struct Journal {
    package static let capacity: UInt = 112
    /// Words per entry in the slot: address, value before, value after.
    static let entryWordCount: UInt = 3

    private let entries: StampedWordPointer
    private let stamp: UInt64
    package private(set) var count: UInt = 0
    /// One bit for each address noted, hashed: most words are new, and are known to be at once.
    private var noted: UInt64 = 0

    /// - Parameters:
    ///   - entries: Room for `capacity` entries, owned by the running operation.
    ///   - number: The number this transaction gets if it is published.
    @inline(__always)
    package init(entries: StampedWordPointer, transaction number: UInt32) {
        unsafe self.entries = unsafe entries
        stamp = UInt64(number) &<< 32
    }

    /// Room left, in entries. Changing one page boundary takes seven at most.
    @inline(__always) package var remaining: UInt { Journal.capacity &- count }

    /// Notes that the payload of `word` is to be `(payload & keeping) | setting`; repeated changes of
    /// a word add up.
    ///
    /// - Returns: The payload before and after.
    @inline(never) @discardableResult
    package mutating func change(
        _ word: StampedWordPointer, keeping: UInt32, setting: UInt32
    ) -> (before: UInt32, after: UInt32) {
        let address = UInt64(UInt(bitPattern: word))
        let hash: UInt64 = 1 &<< (address &>> 3 ^ address &>> 9)
        var index = noted & hash == 0 ? 0 : count
        while index > 0 {
            index &-= 1
            let entry = unsafe entries + Int(bitPattern: index &* Journal.entryWordCount)
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
        if after != before {
            noted |= hash
            append(address, present, stamp | UInt64(after))
        }
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
        if count >= Journal.capacity { return }
        let entry = unsafe entries + Int(bitPattern: count &* Journal.entryWordCount)
        unsafe entry[0].store(address, ordering: .relaxed)
        unsafe entry[1].store(before, ordering: .relaxed)
        unsafe entry[2].store(after, ordering: .relaxed)
        count &+= 1
    }
}
