// A claim names the pages that an operation is changing at the kernel. Claims replace locks on allocations;
// they are as fine as the ranges that the callers name.
//
// A claim is first announced. It holds once a transaction that found no conflict is published, which may be
// an empty one: an operation that searched for conflicts before the announcement then starts over, and sees
// the claim. A claim writes nothing to the map.

import Synchronization

/// A claim that conflicts with another.
package struct ClaimConflict: Error, Equatable {
    package enum Holder {
        /// Another thread is changing some of the pages; wait for it and start over.
        case otherThread
        /// The operation that this one interrupted, on the same thread, is changing them.
        case ownThread
    }

    package let holder: Holder
    /// Index of the operation slot that has the claim.
    package let slot: UInt
    /// The pages that it covers.
    package let range: PageRange
}

/// One bit for each operation slot: set while its claim is announced.
@safe package struct ClaimTable {
    private static let maskCount: UInt = OperationSlots.count / 64

    private let masks: StampedWordPointer
    private let slots: OperationSlots

    @inline(__always)
    init(masks: StampedWordPointer, slots: OperationSlots) {
        unsafe self.masks = unsafe masks
        self.slots = slots
    }

    @inline(__always)
    private func mask(_ index: UInt) -> StampedWordPointer {
        unsafe masks + Int(bitPattern: index)
    }

    @inline(__always)
    private static func bit(of slot: UInt) -> UInt64 {
        1 &<< UInt64(truncatingIfNeeded: slot & 63)
    }

    /// Whether any claim is announced.
    @inline(__always)
    package var isAnyAnnounced: Bool {
        for index in 0..<ClaimTable.maskCount
        where unsafe mask(index).pointee.load(ordering: .relaxed) != 0 { return true }
        return false
    }

    /// Whether more than one claim is announced.
    package var areSeveralAnnounced: Bool {
        var isOneFound = false
        for index in 0..<ClaimTable.maskCount {
            let bits = unsafe mask(index).pointee.load(ordering: .relaxed)
            if bits == 0 { continue }
            if isOneFound || bits & (bits &- 1) != 0 { return true }
            isOneFound = true
        }
        return false
    }

    /// Finds an announced claim that overlaps `range`, one of another thread if there is any.
    ///
    /// - Complexity: O(number of running operations).
    @inline(__always)
    package func conflict(with range: PageRange, for thread: UInt32) -> ClaimConflict? {
        isAnyAnnounced ? search(for: range, thread) : nil
    }

    @inline(never)
    private func search(for range: PageRange, _ thread: UInt32) -> ClaimConflict? {
        var own: ClaimConflict?
        var other: ClaimConflict?
        forEachClaim { slot, claim in
            if !claim.overlaps(range) { return true }
            let isOwn = slot.owner == thread
            // A thread that claims everything for a fork may itself continue.
            if isOwn && claim.isEverything { return true }
            let conflict = ClaimConflict(
                holder: isOwn ? .ownThread : .otherThread, slot: slot.index, range: claim)
            if isOwn { own = conflict } else { other = conflict }
            return isOwn
        }
        return other ?? own
    }

    /// The claim that covers `page`, if there is one. The claim of everything that a fork makes does not
    /// count.
    package func work(at page: UInt, for thread: UInt32) -> ClaimConflict? {
        if !isAnyAnnounced { return nil }
        var work: ClaimConflict?
        let one = PageRange(from: page, to: page &+ 1)
        forEachClaim { slot, claim in
            if !claim.overlaps(one) || claim.isEverything { return true }
            work = ClaimConflict(
                holder: slot.owner == thread ? .ownThread : .otherThread, slot: slot.index,
                range: claim)
            return false
        }
        return work
    }

    /// Calls `body` with each announced claim until it answers false.
    @inline(__always)
    private func forEachClaim(_ body: (OperationSlot, PageRange) -> Bool) {
        for index in 0..<ClaimTable.maskCount {
            var bits = unsafe mask(index).pointee.load(ordering: .acquiring)
            while bits != 0 {
                let slot = slots[index &<< 6 | UInt(bits.trailingZeroBitCount)]
                bits &= bits &- 1
                if let claim = slot.claim, !body(slot, claim) { return }
            }
        }
    }

    /// Announces the claim of `slot`. It holds once a transaction that found no conflict is published. If
    /// publishing fails, the caller withdraws the claim.
    @inline(__always)
    package func announce(_ slot: OperationSlot) {
        unsafe mask(slot.index &>> 6).set(bits: ClaimTable.bit(of: slot.index))
    }

    /// Ends the claim of `slot`. Everything done under it must be recorded before.
    @inline(__always)
    package func withdraw(_ slot: OperationSlot) {
        unsafe mask(slot.index &>> 6).clear(bits: ClaimTable.bit(of: slot.index))
    }

    /// Whether slot `index` has announced a claim. It may be a later claim than the one the caller saw.
    package func isAnnounced(_ index: UInt) -> Bool {
        let bits = unsafe mask(index &>> 6).pointee.load(ordering: .sequentiallyConsistent)
        return bits & ClaimTable.bit(of: index) != 0
    }
}
