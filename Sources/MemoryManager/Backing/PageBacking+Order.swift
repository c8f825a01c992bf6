// Putting granules in order: the kernel is brought in line with the map, whatever it has there.

import AddressSpace
import LinuxKernel

extension PageBacking {
    /// Lets the kernel enforce `state` on claimed pages of one run whatever was left half done there.
    func enforce(_ state: PageState, on run: PageRange) throws(KernelError) {
        if state == .free { return }
        let last = (run.end &+ Page.perGranule &- 1) / Page.perGranule
        var start = run.start
        while start < run.end {
            let granule = start / Page.perGranule
            let isMarked = prepared.contains(granule)
            let end = min(prepared.endOfRun(from: granule, to: last) &* Page.perGranule, run.end)
            let part = PageRange(from: start, to: end)
            if unsettled.containsAny(of: part) {
                try enforceUnsettled(state, on: part)
            } else if isMarked {
                try enforceMarked(state, on: part)
            } else {
                try enforceUnmarked(state, on: part)
            }
            start = end
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
            if kind == .guarded { try GuardMarkers.remove(from: part) }
        }
    }

    /// Its granules stay unsettled: other pages of them may be anything.
    private func enforceUnsettled(_ state: PageState, on part: PageRange) throws(KernelError) {
        if state.isCommitted {
            try PageAccess.set(state.enforced, on: part)
            try GuardMarkers.removeIfKnown(from: part)
        } else {
            try PageAccess.set(.noAccess, on: part)
        }
    }

    /// Puts the unsettled granules of claimed pages in order, for good.
    func settleGranules(of claimed: PageRange) throws(KernelError) {
        var granule = claimed.start / Page.perGranule
        let last = (claimed.end &+ Page.perGranule &- 1) / Page.perGranule
        while let run = unsettled.run(from: granule, to: last) {
            for number in run.start..<run.end {
                let whole = PageRange(
                    from: number &* Page.perGranule, to: (number &+ 1) &* Page.perGranule)
                if let ours = whole.intersection(with: claimed) { try settle(ours) }
            }
            granule = run.end
        }
    }

    /// - Parameter ours: The pages of one granule that are ours.
    private func settle(_ ours: PageRange) throws(KernelError) {
        let contents = map.settledContents(of: ours, sequencer)
        if contents.committedPageCount == 0 {
            try Mapping.discard(ours)
            if kind == .guarded { Mapping.keepOutOfDumps(ours) }
            forget(ours)
            return
        } else if kind == .guarded {
            try forEachRun(of: ours) { state, run throws(KernelError) in
                try enforceMarked(state, on: run)
            }
            prepared.insert(ours)
        } else {
            try forEachRun(of: ours) { state, run throws(KernelError) in
                if state.isCommitted {
                    try PageAccess.set(state.enforced, on: run)
                    try GuardMarkers.removeIfKnown(from: run)
                } else {
                    try Mapping.discard(run)
                }
            }
            prepared.remove(ours)
        }
        unsettled.remove(ours)
    }

    private func forEachRun(
        of range: PageRange, _ body: (PageState, PageRange) throws(KernelError) -> Void
    ) throws(KernelError) {
        var page = range.start
        while page < range.end {
            let run = map.settledRun(from: page, to: range.end, sequencer)
            try body(run.state, run.range)
            page = run.range.end
        }
    }
}
