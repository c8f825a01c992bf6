// Reserving with a preferred NUMA node. The kernel keeps the preference with the mapping, so such an
// allocation has a mapping of its own: with its release the preference is gone.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// A hole that others take first is looked for again this often; then the hint is dropped.
    private static var mostTriesForNode: Int { 16 }

    /// As `reserve(_:_:_:)`, with pages on `node` while it has some. A hint: nothing fails for it.
    ///
    /// - Parameter placing: If it asks for limits, or for the highest place, the hint is dropped when
    ///   that place lies in an arena.
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

    /// Addresses that the kernel has nothing at just now.
    private func hole(for placing: PlacementRequest) throws(MemoryError) -> PageRange? {
        if !placing.isLimited && placing.direction == .lowestFirst { return anyHole(for: placing) }
        guard let range = try place(for: placing), settled({ map.freeState(of: range) }) == .free
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
