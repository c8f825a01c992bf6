// What was done lately with addresses, so that a crash report can tell a released block from an
// address that never was ours. A ring without a lock; an event that is overwritten while it is read
// is not seen.

import AddressSpace
import Synchronization

package enum AddressEvent: UInt64 {
    case reserve = 1
    case decommit = 2
    case release = 3
}

package enum AddressHistory {
    private static let eventCount = 512

    /// Notes an event; O(1), a few nanoseconds. Pointless unless the signals are taken over.
    package static func note(_ kind: AddressEvent, _ range: PageRange) {
        let number = unsafe ExceptionStorage.eventCount.pointee.wrappingAdd(1, ordering: .relaxed)
            .oldValue
        let words = unsafe event(number)
        unsafe words[0].store(0, ordering: .relaxed)
        atomicMemoryFence(ordering: .releasing)
        unsafe words[1].store(UInt64(range.pageCount), ordering: .relaxed)
        unsafe words[0].store(UInt64(range.base) | kind.rawValue, ordering: .releasing)
    }

    private static func event(_ number: UInt64) -> SharedWordPointer {
        unsafe ExceptionStorage.history
            + Int(truncatingIfNeeded: number % UInt64(eventCount)) &* 2
    }

    /// The latest event that `address` was part of.
    static func lastEvent(at address: UInt) -> (kind: AddressEvent, range: PageRange)? {
        let page = Page.index(of: address)
        var number = unsafe ExceptionStorage.eventCount.pointee.load(ordering: .acquiring)
        for _ in 0..<eventCount {
            number = number &- 1
            let words = unsafe event(number)
            let first = unsafe words[0].load(ordering: .acquiring)
            let pageCount = UInt(unsafe words[1].load(ordering: .relaxed))
            guard let kind = AddressEvent(rawValue: first & 7) else { continue }
            let start = Page.index(of: UInt(first))
            if page >= start && page &- start < pageCount {
                return (kind, PageRange(from: start, to: start &+ pageCount))
            }
        }
        return nil
    }
}
