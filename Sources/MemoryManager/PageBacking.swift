// How commit and decommit are told to the kernel: which pages must be claimed for it, and which
// calls it takes. Reads the map, never changes it; the caller holds the claim.
//
// Guarded: a granule is prepared once (read-write mapping, guard markers on what is not committed);
// then one madvise commits or decommits any of its pages, without splitting a mapping.
// Mapped: mprotect commits; a fresh inaccessible mapping decommits.

import AddressSpace
import LinuxKernel

/// Pages as the kernel sees them.
struct PageBacking {
    let map: AddressMap
    let kind: Backing

    var prepared: PreparedGranules { PreparedGranules(directory: map.directory) }

    /// Makes the pages of `range` accessible as `access` says.
    ///
    /// - Parameters:
    ///   - claimed: `claim(forCommitting:in:)` of the range.
    ///   - contents: What the range holds now.
    /// - Throws: The kernel's refusal. Pages may then be left accessible; `restore` mends that.
    func commit(
        _ range: PageRange, as access: Protection, claimed: PageRange,
        over contents: AddressMap.Contents
    ) throws(KernelError) {
        switch kind {
        case .mapped: try PageAccess.set(access, on: range)
        case .guarded: try commitGuarded(range, as: access, claimed: claimed, over: contents)
        }
    }

    private func commitGuarded(
        _ range: PageRange, as access: Protection, claimed: PageRange,
        over contents: AddressMap.Contents
    ) throws(KernelError) {
        let uncovered = try prepare(claimed, uncovering: range)
        let isReadWrite = access.isEnforcedLike(.readWrite)
        let wasReadWrite =
            contents.committedPageCount == 0
            || contents.commonEnforced?.isEnforcedLike(.readWrite) == true
        if !isReadWrite || !wasReadWrite { try PageAccess.set(access, on: range) }
        if uncovered < range.pageCount { try GuardMarkers.remove(from: range) }
    }

    /// Gives the contents of committed pages back to the kernel; every access faults from then on.
    ///
    /// - Parameter contents: What the allocation's pages hold, with the hull of the committed ones.
    func discard(_ contents: AddressMap.Contents) throws(KernelError) {
        guard let hull = contents.committedHull else { return }
        if contents.hasLockedPages { try PageContents.unlock(hull) }
        switch kind {
        case .mapped: try Mapping.discard(hull)
        case .guarded: try discardGuarded(hull, contents)
        }
    }

    private func discardGuarded(
        _ hull: PageRange, _ contents: AddressMap.Contents
    ) throws(KernelError) {
        let isReadWrite = contents.commonEnforced?.isEnforcedLike(.readWrite) == true
        var start = hull.start
        while start < hull.end {
            let granule = start / Page.perGranule
            let lastGranule = (hull.end &+ Page.perGranule &- 1) / Page.perGranule
            let runEnd = prepared.endOfRun(from: granule, to: lastGranule)
            let end = min(runEnd &* Page.perGranule, hull.end)
            if prepared.contains(granule) {
                let run = PageRange(from: start, to: end)
                if !unprepare(run, in: hull) {
                    if !isReadWrite { try PageAccess.set(.readWrite, on: run) }
                    try cover(run)
                }
            }
            start = end
        }
    }

    private func cover(_ range: PageRange) throws(KernelError) {
        do throws(KernelError) {
            try GuardMarkers.install(on: range)
        } catch .invalid {
            // Locked behind our back: mlock, mlockall, or an unlocking that was refused.
            try PageContents.unlock(range)
            try GuardMarkers.install(on: range)
        }
    }

    /// Puts the kernel's state of `range` back to what the map says, after a refused change.
    func restore(_ range: PageRange) {
        var page = range.start
        while page < range.end {
            let run = map.run(containing: page)
            let part = PageRange(from: page, to: max(min(run.range.end, range.end), page &+ 1))
            do throws(KernelError) {
                if run.state.isCommitted {
                    try PageAccess.set(run.state.enforced, on: part)
                } else {
                    try coverAgain(part)
                }
            } catch {
                // The kernel refuses even what it had granted before. The pages stay accessible,
                // which no caller can take harm from; the map does not count on it.
            }
            page = part.end
        }
    }

    private func coverAgain(_ range: PageRange) throws(KernelError) {
        switch kind {
        case .mapped: try Mapping.discard(range)
        case .guarded:
            var start = range.start
            while start < range.end {
                let end = min((start | (Page.perGranule &- 1)) &+ 1, range.end)
                let part = PageRange(from: start, to: end)
                if prepared.contains(start / Page.perGranule) {
                    try PageAccess.set(.readWrite, on: part)
                    try GuardMarkers.install(on: part)
                }
                start = end
            }
        }
    }
}
