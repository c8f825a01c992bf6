// At the limit on mappings, on the mapped backing: pages are joined to committed ones below them, by
// markers on what lies between, so that they need no mapping of their own.

import AddressSpace
import LinuxKernel

extension MappedBacking {
    private var map: AddressMap { granules.map }

    /// `range` with what lies between it and the next committed, readable and writable pages below.
    @_optimize(size)
    func joined(_ range: PageRange) -> PageRange {
        guard range.start > 0, let start = map.runs.previous(from: range.start &- 1),
            start > 0, let table = map.directory.table(of: start),
            !table.state(at: start).isCommitted,
            map.state(of: start &- 1) == .committed(.readWrite),
            range.start &- start <= Islands.farthestMapped
        else { return range }
        let gap = PageRange(from: start, to: range.start)
        return table.state(at: start) != .free && map.claims.conflict(with: gap, for: 0) == nil
            ? PageRange(from: start, to: range.end) : range
    }

    /// Whether nothing is committed between two pages, and what is before them is readable and writable.
    @_optimize(size)
    func isGapToJoin(from start: UInt, to end: UInt) -> Bool {
        if start >= end || start == 0 { return false }
        let gap = map.settledRun(from: start, to: end, granules.sequencer)
        let before = map.settledRun(from: start &- 1, to: start, granules.sequencer)
        return gap.range.end == end && !gap.state.isFree && !gap.state.isCommitted
            && before.state == .committed(.readWrite)
    }

    /// - Parameter start: What lies between it and the range is a gap to join.
    @_optimize(size)
    func commitJoined(
        _ range: PageRange, as access: Protection, from start: UInt
    ) throws(KernelError) {
        let run = PageRange(from: start, to: range.end)
        try granules.mark(run)
        granules.noteUnsettled(run)
        try PageAccess.set(.readWrite, on: run)
        if !access.isEnforcedLike(.readWrite) { try PageAccess.set(access, on: range) }
        try GuardMarkers.remove(from: range)
        // Pages of these granules may have markers from now on, and need not.
        granules.unsettled.remove(run)
    }
}
