// Claims: which pages are being changed by an operation that is now calling the kernel. They take
// the place of locks on allocations, and are as fine as the ranges that the callers name.

import Synchronization

/// What stands in the way of a claim.
package enum ClaimConflict: Error {
    /// Another thread is changing some of the pages; wait for it and start over.
    case otherThread
    /// The operation that this one interrupted, on the same thread, is changing them.
    case ownThread
}

/// One published bit for each operation slot.
@safe package struct ClaimTable {
    private static let maskCount: UInt = OperationSlots.count / 32

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

    /// Finds a published claim that overlaps `range`, one of another thread if there is any.
    ///
    /// - Complexity: O(number of running operations).
    @inline(__always)
    package func conflict(with range: PageRange, for thread: UInt32) -> ClaimConflict? {
        var conflict: ClaimConflict?
        for index in 0..<ClaimTable.maskCount {
            var bits = unsafe payload(of: mask(index))
            while bits != 0 {
                let slot = slots[index &<< 5 | UInt(bits.trailingZeroBitCount)]
                bits &= bits &- 1
                if let claim = slot.claim, claim.overlaps(range) {
                    if slot.owner != thread { return .otherThread }
                    conflict = .ownThread
                }
            }
        }
        return conflict
    }

    /// Drafts the publication of `range` as claimed by `slot`. The caller found no conflict.
    @inline(__always)
    package func publish(_ range: PageRange, by slot: OperationSlot, _ journal: inout Journal) {
        slot.setClaim(range)
        let bit: UInt32 = 1 &<< UInt32(truncatingIfNeeded: slot.index & 31)
        unsafe journal.change(mask(slot.index &>> 5), keeping: .max, setting: bit)
    }

    /// Drafts the end of the claim of `slot`.
    @inline(__always)
    package func withdraw(_ slot: OperationSlot, _ journal: inout Journal) {
        let bit: UInt32 = 1 &<< UInt32(truncatingIfNeeded: slot.index & 31)
        unsafe journal.change(mask(slot.index &>> 5), keeping: ~bit, setting: 0)
    }

    /// Drafts the end of every claim of a thread other than `thread`: after fork the child has no
    /// such threads.
    package func withdrawAll(exceptOf thread: UInt32, _ journal: inout Journal) {
        for index in 0..<OperationSlots.count where slots[index].owner != thread {
            withdraw(slots[index], &journal)
        }
    }
}
