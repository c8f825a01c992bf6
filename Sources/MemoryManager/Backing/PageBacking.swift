// How commit and decommit are told to the kernel: which pages must be claimed for it, and which
// calls it takes. Reads the map, never changes it; the caller holds the claim.
//
// Guarded: a granule is prepared once (read-write mapping, guard markers on what is not committed);
// then one madvise commits or decommits any of its pages, without splitting a mapping.
// Mapped: mprotect commits; a fresh inaccessible mapping decommits. A granule is prepared only when
// the process comes to its limit on mappings.
//
// At no moment does a page allow more than before the call or after it: markers go in before a
// mapping is opened, and a mapping is closed before markers go out.

import AddressSpace
import LinuxKernel

/// Pages as the kernel sees them.
struct PageBacking {
    let map: AddressMap
    let kind: BackingKind
    /// Commits of at most this many pages get their memory at once, if they are readable and writable.
    let mostPagesPopulated: UInt
    let islands: Islands
    let sequencer: Sequencer

    var prepared: GranuleSet { GranuleSet(.prepared, directory: map.directory) }
    var unsettled: GranuleSet { GranuleSet(.unsettled, directory: map.directory) }

    /// True if committing `range`, a few pages of one table, takes one call that can be done over.
    @inline(__always)
    func isReady(forCommitting range: PageRange) -> Bool {
        let first = range.start / Page.perGranule
        let last = (range.end &- 1) / Page.perGranule
        let isGuarded = kind == .guarded
        return prepared.contains(first) == isGuarded
            && (last == first || prepared.contains(last) == isGuarded)
    }

    /// Makes reserved pages readable and writable that are ready for it.
    @inline(__always)
    func uncover(_ range: PageRange) throws(KernelError) {
        switch kind {
        case .mapped: try PageAccess.set(.readWrite, on: range)
        case .guarded: try GuardMarkers.remove(from: range)
        }
        populate(range)
    }

    /// Makes readable and writable pages inaccessible, and frees their contents; pages that are ready.
    @inline(__always)
    func cover(_ range: PageRange) throws(KernelError) {
        switch kind {
        case .mapped: try replace(range)
        case .guarded: try mark(range)
        }
    }

    /// Puts guard markers on pages; their contents go.
    @inline(__always)
    func mark(_ range: PageRange) throws(KernelError) {
        do throws(KernelError) {
            try GuardMarkers.install(on: range)
        } catch {
            try markLocked(range, refused: error)
        }
    }

    @inline(never)
    private func markLocked(
        _ range: PageRange, refused error: KernelError
    ) throws(KernelError) {
        if error != .invalid { throw error }
        // Locked behind our back: mlock, mlockall, or an unlocking that was refused.
        try PageContents.unlock(range)
        try GuardMarkers.install(on: range)
    }

    /// Gives accessible pages their memory, if they are few enough.
    @inline(__always)
    func populate(_ range: PageRange) {
        if range.pageCount <= mostPagesPopulated { PageContents.populate(range) }
    }

    /// Notes that nothing is known of what the kernel has in the granules of `range`.
    @inline(never)
    func noteUnsettled(_ range: PageRange) {
        unsettled.insert(range)
        islands.noteUnsettled()
        // Neither kind takes the short way then.
        if kind == .mapped { prepared.insert(range) } else { prepared.remove(range) }
    }
}

extension MemoryManager {
    @inline(__always)
    var backing: PageBacking {
        PageBacking(
            map: map, kind: settings.backing, mostPagesPopulated: settings.mostPagesPopulated,
            islands: islands, sequencer: sequencer)
    }
}
