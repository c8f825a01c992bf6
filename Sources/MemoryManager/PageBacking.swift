// How commit and decommit are told to the kernel: which pages must be claimed for it, and which
// calls it takes. Reads the map, never changes it; the caller holds the claim.
//
// Guarded: a granule is prepared once (read-write mapping, guard markers on what is not committed);
// then one madvise commits or decommits any of its pages, without splitting a mapping.
// Mapped: mprotect commits; a fresh inaccessible mapping decommits (PageBacking+Replacing.swift).

import AddressSpace
import LinuxKernel

/// Pages as the kernel sees them.
struct PageBacking {
    let map: AddressMap
    let kind: Backing
    /// Commits of at most this many pages get their memory at once, if they are readable and writable.
    let mostPagesPopulated: UInt

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
        if access.isEnforcedLike(.readWrite) { populate(range) }
    }

    private func commitGuarded(
        _ range: PageRange, as access: Protection, claimed: PageRange,
        over contents: AddressMap.Contents
    ) throws(KernelError) {
        let isReadWrite = access.isEnforcedLike(.readWrite)
        if !isReadWrite, claimed == range, try prepareWhole(range, as: access) { return }
        let uncovered = try prepare(claimed, uncovering: range)
        let wasReadWrite =
            contents.committedPageCount == 0
            || contents.commonEnforced?.isEnforcedLike(.readWrite) == true
        if !isReadWrite || !wasReadWrite { try PageAccess.set(access, on: range) }
        if uncovered < range.pageCount { try GuardMarkers.remove(from: range) }
    }

    /// Makes pages inaccessible, and frees their contents.
    ///
    /// - Parameters:
    ///   - hull: From the first committed page to the last; none is locked.
    ///   - contents: What these pages hold.
    func discard(_ hull: PageRange, _ contents: AddressMap.Contents) throws(KernelError) {
        switch kind {
        case .mapped: try Mapping.discard(hull)
        case .guarded: try discardGuarded(hull, contents)
        }
    }

    private func discardGuarded(
        _ hull: PageRange, _ contents: AddressMap.Contents
    ) throws(KernelError) {
        // First what can be refused without loss: after it nothing but a kernel out of memory can
        // stop the rest.
        if contents.commonEnforced?.isEnforcedLike(.readWrite) != true {
            if unprepare(hull, least: 1) { return }
            try forEachPreparedRun(of: hull) { run throws(KernelError) in
                try PageAccess.set(.readWrite, on: run)
            }
        }
        try forEachPreparedRun(of: hull) { run throws(KernelError) in
            if !unprepare(run, least: PageBacking.leastGranulesToUnprepare) { try cover(run) }
        }
    }

    /// Calls `body` with each run of pages in prepared granules. No other granule has committed pages.
    private func forEachPreparedRun(
        of range: PageRange, _ body: (PageRange) throws(KernelError) -> Void
    ) throws(KernelError) {
        let lastGranule = (range.end &+ Page.perGranule &- 1) / Page.perGranule
        var start = range.start
        while start < range.end {
            let granule = start / Page.perGranule
            let isPrepared = prepared.contains(granule)
            let runEnd = prepared.endOfRun(from: granule, to: lastGranule)
            let end = min(runEnd &* Page.perGranule, range.end)
            if isPrepared { try body(PageRange(from: start, to: end)) }
            start = end
        }
    }

    /// Makes committed pages inaccessible, and frees their contents; in prepared granules.
    @inline(__always)
    func cover(_ range: PageRange) throws(KernelError) {
        switch kind {
        case .mapped: try replace(range)
        case .guarded:
            do throws(KernelError) {
                try GuardMarkers.install(on: range)
            } catch {
                try coverLocked(range, refused: error)
            }
        }
    }

    @inline(never)
    private func coverLocked(
        _ range: PageRange, refused error: KernelError
    ) throws(KernelError) {
        if error != .invalid { throw error }
        // Locked behind our back: mlock, mlockall, or an unlocking that was refused.
        try PageContents.unlock(range)
        try GuardMarkers.install(on: range)
    }

    /// Makes reserved pages readable and writable, in prepared granules.
    @inline(__always)
    func uncover(_ range: PageRange) throws(KernelError) {
        switch kind {
        case .mapped: try PageAccess.set(.readWrite, on: range)
        case .guarded: try GuardMarkers.remove(from: range)
        }
        populate(range)
    }

    /// Gives accessible pages their memory, if they are few enough.
    @inline(__always)
    func populate(_ range: PageRange) {
        if range.pageCount <= mostPagesPopulated { PageContents.populate(range) }
    }

    /// Lets the kernel enforce `state` on claimed pages whatever was left half done there.
    func enforce(_ state: PageState, on range: PageRange) throws(KernelError) {
        switch (kind, state.isCommitted) {
        case (.mapped, true): try PageAccess.set(state.enforced, on: range)
        case (.mapped, false): try Mapping.discard(range)
        case (.guarded, true):
            try PageAccess.set(state.enforced, on: range)
            try GuardMarkers.remove(from: range)
        case (.guarded, false):
            try forEachPreparedRun(of: range) { run throws(KernelError) in
                try PageAccess.set(.readWrite, on: run)
                try cover(run)
            }
        }
    }
}
