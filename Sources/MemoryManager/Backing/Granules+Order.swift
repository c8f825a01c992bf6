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
        if state == .unowned { return }
        try prepared.forEachPart(of: run) { part, isMarked throws(KernelError) in
            try enforce(state, onPart: part, isMarked ? .marked : .unmarked)
        }
    }

    /// Same as `enforce`, for pages that the kernel had in that state before. Repeats what the kernel refuses.
    /// A part where it refuses every time becomes unsettled; the others are put back all the same.
    @_optimize(size)
    func putBack(_ state: PageState, on run: PageRange) {
        if state == .unowned { return }
        prepared.forEachPart(of: run) { part, isMarked in
            for _ in 0..<Granules.mostTries {
                do throws(KernelError) {
                    return try enforce(state, onPart: part, isMarked ? .marked : .unmarked)
                } catch {
                    islands.ballast.giveUp()
                }
            }
            noteUnsettled(part)
        }
    }

    /// Whether pages that are not committed may have guard markers.
    private enum Marking {
        case marked
        case unmarked
    }

    private func enforce(
        _ state: PageState, onPart part: PageRange, _ marking: Marking
    ) throws(KernelError) {
        if unsettled.containsAny(of: part) { return try enforceUnsettled(state, on: part) }
        switch marking {
        case .marked: try enforceMarked(state, on: part)
        case .unmarked: try enforceUnmarked(state, on: part)
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
                    try settle(ours, areAllOfOurs(ours, in: whole) ? .all : .some)
                }
            }
            granule = run.end
        }
    }

    /// Whether no other page of a granule is ours.
    @_optimize(size)
    private func areAllOfOurs(_ ours: PageRange, in granule: PageRange) -> Bool {
        for page in granule.start..<granule.end where page < ours.start || page >= ours.end {
            if map.settledRun(from: page, to: page &+ 1, sequencer).state != .unowned {
                return false
            }
        }
        return true
    }

    /// How many of the pages of ours in a granule are claimed.
    private enum Share {
        case all
        case some
    }

    /// - Parameters:
    ///   - ours: Claimed pages of one granule.
    ///   - share: If it is `some`, the granule stays unsettled.
    @_optimize(size)
    private func settle(_ ours: PageRange, _ share: Share) throws(KernelError) {
        let summary = map.settledSummary(of: ours, sequencer)
        if summary.committedPageCount == 0 && share == .all {
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
        if share == .some { return }
        if usual == .prepared { prepared.insert(ours) } else { prepared.remove(ours) }
        unsettled.remove(ours)
    }
}
