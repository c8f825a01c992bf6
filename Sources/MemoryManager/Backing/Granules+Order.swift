// Puts granules in order: brings the kernel's state in line with the map, whatever that state is.

import AddressSpace
import LinuxKernel

extension Granules {
    /// Makes the kernel enforce `access` on claimed pages, whatever their protection is now.
    ///
    /// The two ends come first, because only they may divide mappings. If the kernel refuses one, the change
    /// can be undone, because no mappings were joined yet. The pages in between need no new mapping.
    @_optimize(size)
    func setAccess(_ access: Protection, on range: PageRange) throws(KernelError) {
        let first = map.settledRun(from: range.start, to: range.end, sequencer).range
        if first.end == range.end { return try PageAccess.set(access, on: range) }
        let start = sequencer.settled { map.runs.previous(from: range.end &- 1) ?? first.end }
        let last = PageRange(from: max(start, first.end), to: range.end)
        try PageAccess.set(access, on: last)
        try PageAccess.set(access, on: first)
        if first.end < last.start {
            try PageAccess.set(access, on: PageRange(from: first.end, to: last.start))
        }
    }

    /// Makes the kernel enforce `state` on claimed pages of one run, whatever an abandoned change has left
    /// there.
    @_optimize(size)
    func enforce(_ state: PageState, on run: PageRange) throws(KernelError) {
        if state == .free { return }
        try prepared.forEachPart(of: run) { part, isMarked throws(KernelError) in
            if unsettled.containsAny(of: part) {
                try enforceUnsettled(state, on: part)
            } else if isMarked {
                try enforceMarked(state, on: part)
            } else {
                try enforceUnmarked(state, on: part)
            }
        }
    }

    private func enforceMarked(_ state: PageState, on part: PageRange) throws(KernelError) {
        if state.isCommitted {
            try PageAccess.set(state.enforced, on: part)
            try GuardMarkers.remove(from: part)
        } else {
            try mark(part)
            try PageAccess.set(.readWrite, on: part)
        }
    }

    private func enforceUnmarked(_ state: PageState, on part: PageRange) throws(KernelError) {
        if state.isCommitted {
            try PageAccess.set(state.enforced, on: part)
        } else if !discardRaw(part) {
            try PageAccess.set(.noAccess, on: part)
            if usual == .prepared { try GuardMarkers.remove(from: part) }
        }
    }

    /// The granules stay unsettled, because the state of their other pages is not known.
    private func enforceUnsettled(_ state: PageState, on part: PageRange) throws(KernelError) {
        if state.isCommitted {
            try PageAccess.set(state.enforced, on: part)
            try GuardMarkers.removeIfKnown(from: part)
        } else {
            try PageAccess.set(.noAccess, on: part)
        }
    }

    /// Puts the unsettled granules of claimed pages in order; they are no longer unsettled afterwards.
    @_optimize(size)
    func settleGranules(of claimed: PageRange) throws(KernelError) {
        var granule = claimed.granules.lowerBound
        while let run = unsettled.run(from: granule, to: claimed.granules.upperBound) {
            for number in run.start..<run.end {
                let whole = PageRange(granules: number..<number &+ 1)
                if let ours = whole.intersection(with: claimed) {
                    try settle(ours, areAllOfOurs(ours, in: whole))
                }
            }
            granule = run.end
        }
    }

    /// Whether no other page of a granule is ours.
    @_optimize(size)
    private func areAllOfOurs(_ ours: PageRange, in granule: PageRange) -> Bool {
        for page in granule.start..<granule.end where page < ours.start || page >= ours.end {
            if map.settledRun(from: page, to: page &+ 1, sequencer).state != .free { return false }
        }
        return true
    }

    /// - Parameters:
    ///   - ours: Claimed pages of one granule.
    ///   - areAll: Whether the granule has no other pages of ours. If it has, it stays unsettled.
    @_optimize(size)
    private func settle(_ ours: PageRange, _ areAll: Bool) throws(KernelError) {
        let summary = map.settledSummary(of: ours, sequencer)
        if summary.committedPageCount == 0 && areAll {
            try Mapping.discard(ours)
            if usual == .prepared { Mapping.keepOutOfDumps(ours) }
            return forget(ours)
        }
        try map.forEachSettledRun(of: ours, sequencer) { run throws(KernelError) in
            if usual == .prepared {
                try enforceMarked(run.state, on: run.range)
            } else if run.state.isCommitted {
                try PageAccess.set(run.state.enforced, on: run.range)
                try GuardMarkers.removeIfKnown(from: run.range)
            } else {
                try Mapping.discard(run.range)
            }
        }
        if !areAll { return }
        if usual == .prepared { prepared.insert(ours) } else { prepared.remove(ours) }
        unsettled.remove(ours)
    }
}
