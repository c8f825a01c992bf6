// The latest events of addresses, so that a crash report can tell a released block from an address that never
// was ours. It is a ring without a lock: an event may be lost if it is overwritten while it is read, or if
// two threads record at the same moment.

import Synchronization

package enum AddressEvent: UInt64 {
    case reserve = 1
    case decommit = 2
    case release = 3
}

/// The latest events. Nothing is recorded until `begin` is called.
@safe package struct AddressHistory {
    private static let eventCount: UInt64 = 512
    static let wordCount: UInt = 2 + 2 * UInt(eventCount)

    /// Whether events are recorded; how many were recorded so far; then two words for each event.
    private let words: StampedWordPointer

    @inline(__always)
    init(words: StampedWordPointer) { unsafe self.words = unsafe words }

    @inline(__always)
    package var isWanted: Bool { unsafe words[0].load(ordering: .relaxed) != 0 }

    /// From now on events are recorded.
    package func begin() { unsafe words[0].store(1, ordering: .relaxed) }

    /// Records an event, if events are recorded at all.
    @inline(__always)
    package func note(_ kind: AddressEvent, _ range: PageRange) {
        if isWanted { write(kind, range) }
    }

    @inline(never)
    private func write(_ kind: AddressEvent, _ range: PageRange) {
        let number = unsafe words[1].load(ordering: .relaxed)
        unsafe words[1].store(number &+ 1, ordering: .relaxed)
        let event = unsafe event(number)
        unsafe event[0].store(0, ordering: .relaxed)
        atomicMemoryFence(ordering: .releasing)
        unsafe event[1].store(UInt64(range.pageCount), ordering: .relaxed)
        unsafe event[0].store(UInt64(range.base) | kind.rawValue, ordering: .releasing)
    }

    private func event(_ number: UInt64) -> StampedWordPointer {
        unsafe words + 2 + Int(truncatingIfNeeded: number % AddressHistory.eventCount) &* 2
    }

    /// The latest event that `address` was part of.
    package func lastEvent(at address: UInt) -> (kind: AddressEvent, range: PageRange)? {
        let page = Page.index(of: address)
        var number = unsafe words[1].load(ordering: .acquiring)
        for _ in 0..<AddressHistory.eventCount {
            number = number &- 1
            let event = unsafe event(number)
            let first = unsafe event[0].load(ordering: .acquiring)
            let pageCount = UInt(unsafe event[1].load(ordering: .relaxed))
            guard let kind = AddressEvent(rawValue: first & 7) else { continue }
            let start = Page.index(of: UInt(first))
            if page >= start && page &- start < pageCount {
                return (kind, PageRange(from: start, to: start &+ pageCount))
            }
        }
        return nil
    }
}
