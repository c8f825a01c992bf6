// At the limit on mappings the mapped backing joins pages to committed ones below them, by markers on the
// pages in between. So the new pages need no mapping of their own.

import AddressSpace
import LinuxKernel

extension MappedBacking {
    private var map: AddressMap { granules.map }

    /// `range` with the pages between it and the next committed read-write pages below; `range` alone if they
    /// cannot be joined.
    @_optimize(size)
    func joined(_ range: PageRange) -> PageRange {
        guard range.start > 0, let start = map.runs.previous(from: range.start &- 1),
            start > 0, let table = map.directory.table(of: start),
            !table.state(at: start).isCommitted,
            map.state(of: start &- 1) == .committed(.readWrite),
            range.start &- start <= Islands.farthestMapped
        else { return range }
        let gap = PageRange(from: start, to: range.start)
        return table.state(at: start) != .unowned && map.claims.conflict(with: gap, for: 0) == nil
            ? PageRange(from: start, to: range.end) : range
    }

    /// Whether the pages from `start` to `end` are reserved, and the page before them is committed
    /// read-write.
    @_optimize(size)
    func isGapToJoin(from start: UInt, to end: UInt) -> Bool {
        if start >= end || start == 0 { return false }
        let gap = map.settledRun(from: start, to: end, granules.sequencer)
        let before = map.settledRun(from: start &- 1, to: start, granules.sequencer)
        return gap.range.end == end && !gap.state.isFree && !gap.state.isCommitted
            && before.state == .committed(.readWrite)
    }

    /// - Parameter start: Where the pages to join begin (`isGapToJoin`).
    @_optimize(size)
    func commitJoined(
        _ range: PageRange, as access: Protection, from start: UInt
    ) throws(KernelError) {
        let run = PageRange(from: start, to: range.end)
        // On this backing it means that pages may have markers.
        granules.prepared.insert(run)
        do throws(KernelError) {
            try granules.mark(run)
            try PageAccess.set(.readWrite, on: run)
            if !access.isEnforcedLike(.readWrite) { try PageAccess.set(access, on: range) }
            try GuardMarkers.remove(from: range)
        } catch {
            granules.noteUnsettled(run)
            throw error
        }
    }
}
