// What the kernel has in the granules of our memory, and the calls that both backings are made of.
// Reads the map, never changes it; the caller holds the claim.
//
// A granule is plain (an inaccessible mapping, of which parts are opened) or prepared (a readable and
// writable mapping, with guard markers on what is not committed). It is unsettled if a refused call has
// left something else; whoever commits in it next puts it in order.
//
// At no moment does a page allow more than before the call or after it: markers go in before a
// mapping is opened, and a mapping is closed before markers go out.

import AddressSpace
import LinuxKernel

struct Granules {
    /// How granules are in which pages are committed.
    enum Usual {
        case prepared
        case plain
    }

    let map: AddressMap
    let usual: Usual
    /// Commits of at most this many pages get their memory at once, if they are readable and writable.
    let mostPagesPopulated: UInt
    let islands: Islands
    let sequencer: Sequencer

    var prepared: GranuleSet { GranuleSet(.prepared, directory: map.directory) }
    var unsettled: GranuleSet { GranuleSet(.unsettled, directory: map.directory) }

    /// Whether the granules of `range`, a few pages of one table, are as usual.
    @inline(__always)
    func areUsual(of range: PageRange) -> Bool {
        let first = range.start / Page.perGranule
        let last = (range.end &- 1) / Page.perGranule
        let isPreparing = usual == .prepared
        return prepared.contains(first) == isPreparing
            && (last == first || prepared.contains(last) == isPreparing)
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
        // Not as usual either, so that nobody goes the short way.
        switch usual {
        case .plain: prepared.insert(range)
        case .prepared: prepared.remove(range)
        }
    }

    /// The last mappings are for the rest of the program, and for giving memory back. So, once the
    /// ballast was given up, nothing is done that may need one until there are some again.
    ///
    /// - Returns: True if the ballast is to be taken up again afterwards.
    func leavesRoom() throws(KernelError) -> Bool {
        if islands.ballast.isHeld { return false }
        if !islands.ballast.isThereRoom() { throw .outOfMemory }
        return true
    }

    /// The same, before a commit. Where all granules are prepared it takes markers only.
    func leavesRoom(
        forCommitting range: PageRange, as access: Protection
    ) throws(KernelError) -> Bool {
        let first = range.start / Page.perGranule
        let end = (range.end &+ Page.perGranule &- 1) / Page.perGranule
        let needsNone =
            access.isEnforcedLike(.readWrite) && prepared.contains(first)
            && prepared.endOfRun(from: first, to: end) >= end
        return needsNone ? false : try leavesRoom()
    }
}

extension MemoryManager {
    @inline(__always)
    var granules: Granules {
        Granules(
            map: map, usual: settings.backing == .guarded ? .prepared : .plain,
            mostPagesPopulated: settings.mostPagesPopulated, islands: islands, sequencer: sequencer)
    }
}
