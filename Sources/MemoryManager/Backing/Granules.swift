// The kernel's state of the granules of our memory, and the calls of which both backings are made. Reads the
// map and never changes it. The caller holds the claim.
//
// A granule is plain (an inaccessible mapping, of which parts are opened) or prepared (a readable and
// writable mapping, with guard markers on what is not committed). It is unsettled if a refused call has left
// another state; the next commit in it puts it in order.
//
// At no moment does a page allow more than before the call or after it: markers go in before a
// mapping is opened, and a mapping is closed before markers go out.

import AddressSpace
import LinuxKernel

struct Granules {
    /// The form of granules that have committed pages.
    enum Usual {
        case prepared
        case plain
    }

    /// How often a call is repeated that gives memory back, puts a state back, or belongs to a change of
    /// which a part is done already.
    static var mostTries: Int { 64 }

    let map: AddressMap
    let usual: Usual
    /// Commits of at most this many pages get their memory at once, if they are readable and writable.
    let mostPagesPopulated: UInt
    let islands: Islands
    let sequencer: Sequencer

    var prepared: GranuleSet { GranuleSet(.prepared, directory: map.directory) }
    var unsettled: GranuleSet { GranuleSet(.unsettled, directory: map.directory) }

    /// Whether the granules of `range`, a short range, have the usual form. Committing it then takes one
    /// system call that can be repeated.
    @inline(__always)
    func areUsual(of range: PageRange) -> Bool {
        let first = range.start / Page.perGranule
        let last = (range.end &- 1) / Page.perGranule
        let isPreparing = usual == .prepared
        return prepared.contains(first) == isPreparing
            && (last == first || prepared.contains(last) == isPreparing)
    }

    /// Puts guard markers on pages, which frees their contents.
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
        // Some pages are locked although the map does not say so: by mlock or mlockall, or because an
        // unlocking was refused. Those before them may have lost their contents already.
        var refusal = error
        for _ in 0..<Granules.mostTries {
            do throws(KernelError) {
                try unlock(range)
                return try GuardMarkers.install(on: range)
            } catch {
                refusal = error
            }
        }
        throw refusal
    }

    /// Gives accessible pages their memory, if they are few enough.
    @inline(__always)
    func populate(_ range: PageRange) {
        if range.pageCount <= mostPagesPopulated { PageContents.populate(range) }
    }

    /// Notes that the kernel's state of the granules of `range` is not known.
    @inline(never)
    func noteUnsettled(_ range: PageRange) {
        unsettled.insert(range)
        islands.noteUnsettled()
        // They do not have the usual form either, so that no operation takes the short way.
        switch usual {
        case .plain: prepared.insert(range)
        case .prepared: prepared.remove(range)
        }
    }

    /// Keeps the last mappings for the rest of the program and for giving memory back. Once the ballast is
    /// given up, calls that may need a mapping are refused until the kernel grants some again.
    ///
    /// - Returns: True if the caller must take the ballast up again afterwards.
    func leavesRoom() throws(KernelError) -> Bool {
        if islands.ballast.isHeld { return false }
        if !islands.ballast.isThereRoom() { throw .outOfMemory }
        return true
    }

    /// Same as `leavesRoom`, before a commit. A read-write commit in prepared granules needs no mapping.
    func leavesRoom(
        forCommitting range: PageRange, as access: Protection
    ) throws(KernelError) -> Bool {
        let needsNone = access.isEnforcedLike(.readWrite) && prepared.containsAll(of: range)
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
