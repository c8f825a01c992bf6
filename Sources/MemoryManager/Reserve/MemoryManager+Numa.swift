// Reserving with a preferred NUMA node. The kernel stores the preference with the mapping. So such an
// allocation has a mapping of its own, and its release ends the preference.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// How often a new hole is searched for when another thread takes the last one; then the hint is dropped.
    private static var mostTriesForNode: Int { 16 }

    /// Same as `reserve(_:_:_:)`, with pages on `node` while that node has memory. The node is a hint: the
    /// call does not fail because of it.
    ///
    /// - Parameter placing: If it has address limits, or asks for the highest place, the hint is dropped when
    ///   the place lies in an arena.
    package func reserve(
        _ placing: PlacementRequest, _ protection: PageProtection, _ backed: CommitTiming,
        preferring node: UInt32
    ) throws(MemoryError) -> UInt {
        for _ in 0..<MemoryManager.mostTriesForNode {
            guard let range = try hole(for: placing) else { break }
            do throws(MemoryError) {
                try reserve(range, protection, .later)
            } catch .rangeConflicts {
                // Another thread took the hole first.
                continue
            }
            NumaPolicy.prefer(node, for: range)
            if backed == .atOnce { try commitOrRelease(range, protection) }
            return range.base
        }
        return try reserve(placing, protection, backed)
    }

    private func commitOrRelease(
        _ range: PageRange, _ protection: PageProtection
    ) throws(MemoryError) {
        do throws(MemoryError) {
            try commit(range, protection)
        } catch {
            try release(allocationBasedAt: range.start)
            throw error
        }
    }

    /// Addresses at which nothing is mapped at this moment.
    private func hole(for placing: PlacementRequest) throws(MemoryError) -> PageRange? {
        if !placing.isLimited && placing.direction == .lowestFirst { return anyHole(for: placing) }
        guard let range = try place(for: placing), settled({ map.freeState(of: range) }) == .unowned
        else { return nil }
        return range
    }

    private func anyHole(for placing: PlacementRequest) -> PageRange? {
        let slack = placing.alignment
        if slack > Page.endOfReservableSpace { return nil }
        let byteCount = placing.pageCount &<< Page.shift &+ slack
        do throws(KernelError) {
            let base = try Mapping.reserve(byteCount: byteCount)
            guard let found = PageRange(spanning: base, byteCount: byteCount) else { return nil }
            try Mapping.release(found)
            let start = (base &+ slack &- 1) & ~(slack &- 1)
            let range = PageRange(spanning: start, byteCount: placing.pageCount &<< Page.shift)
            guard let range, range.limit <= Page.endOfReservableSpace else { return nil }
            return range
        } catch {
            return nil
        }
    }
}
