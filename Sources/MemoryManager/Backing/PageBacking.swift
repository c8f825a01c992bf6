// The two ways of backing pages behind one interface: which pages a change must claim, and how it is made at
// the kernel. The caller holds the claim.

import AddressSpace
import LinuxKernel

/// The interface of a backing. Granules.swift has the parts that both share.
protocol Backing {
    /// Makes reserved pages read-write. Their granules have the usual form (`Granules.areUsual`).
    func uncover(_ range: PageRange) throws(KernelError)

    /// Makes read-write pages inaccessible, and frees their contents.
    func cover(_ range: PageRange) throws(KernelError)

    /// The pages that an operation must claim to commit `range`, if no granule of it is unsettled: itself,
    /// and what is prepared along with it.
    ///
    /// - Parameter new: The allocation that is being made, if the map does not have it yet.
    func claim(forCommitting range: PageRange, in new: Allocation?) -> PageRange

    /// Makes the pages of `range`, none of whose granules is unsettled, accessible as `access` says.
    ///
    /// - Parameters:
    ///   - claimed: The result of `claim(forCommitting:in:)` for the range.
    ///   - summary: The summary of the range before the commit.
    /// - Throws: The kernel's refusal. Some pages may be changed already; `restore` repairs that.
    func commit(
        _ range: PageRange, as access: Protection, claimed: PageRange,
        over summary: AddressMap.RangeSummary
    ) throws(KernelError)

    /// Prepares the granules at the ends of `part`, which becomes free while the rest of its allocation
    /// stays.
    ///
    /// - Parameter claimed: `granulesOfOurs(around:)` of the part.
    func prepareEdges(of part: PageRange, in allocation: Allocation, claimed: PageRange)

    /// Gives new inaccessible pages the form of the granule that they complete.
    ///
    /// - Parameter part: The new pages. The claim covers them and all pages of ours in their first granule.
    func joinGranule(_ part: PageRange) throws(KernelError)

    /// Whether a block of `pageCount` pages is unmapped when it is released (MemoryManager+PlaceCache.swift).
    func leavesPlace(_ pageCount: UInt) -> Bool
}

/// The backing of the process.
enum PageBacking {
    case guarded(GuardedBacking)
    case mapped(MappedBacking)
}

extension PageBacking: Backing {
    @inline(__always) var granules: Granules {
        switch self {
        case .guarded(let backing): backing.granules
        case .mapped(let backing): backing.granules
        }
    }

    @inline(__always)
    func uncover(_ range: PageRange) throws(KernelError) {
        switch self {
        case .guarded(let backing): try backing.uncover(range)
        case .mapped(let backing): try backing.uncover(range)
        }
    }

    @inline(__always)
    func cover(_ range: PageRange) throws(KernelError) {
        switch self {
        case .guarded(let backing): try backing.cover(range)
        case .mapped(let backing): try backing.cover(range)
        }
    }

    /// The pages to claim for committing `range`: also the unsettled granules, which are put in order first.
    func claim(forCommitting range: PageRange, in new: Allocation? = nil) -> PageRange {
        if granules.unsettled.containsAny(of: range) {
            return granules.granulesOfOurs(around: range, in: new)
        }
        return switch self {
        case .guarded(let backing): backing.claim(forCommitting: range, in: new)
        case .mapped(let backing): backing.claim(forCommitting: range, in: new)
        }
    }

    /// Puts granules in order first, and gives readable and writable pages their memory if that is asked for.
    @_optimize(size)
    func commit(
        _ range: PageRange, as access: Protection, claimed: PageRange,
        over summary: AddressMap.RangeSummary
    ) throws(KernelError) {
        if granules.unsettled.containsAny(of: claimed) {
            try granules.settleGranules(of: claimed)
        }
        let isBallastOut = try granules.leavesRoom(forCommitting: range, as: access)
        defer { if isBallastOut { granules.islands.ballast.takeUp() } }
        switch self {
        case .guarded(let backing):
            try backing.commit(range, as: access, claimed: claimed, over: summary)
        case .mapped(let backing):
            try backing.commit(range, as: access, claimed: claimed, over: summary)
        }
        if access.isEnforcedLike(.readWrite) { granules.populate(range) }
    }

    func prepareEdges(of part: PageRange, in allocation: Allocation, claimed: PageRange) {
        switch self {
        case .guarded(let backing):
            backing.prepareEdges(of: part, in: allocation, claimed: claimed)
        case .mapped(let backing):
            backing.prepareEdges(of: part, in: allocation, claimed: claimed)
        }
    }

    func joinGranule(_ part: PageRange) throws(KernelError) {
        switch self {
        case .guarded(let backing): try backing.joinGranule(part)
        case .mapped(let backing): try backing.joinGranule(part)
        }
    }

    func leavesPlace(_ pageCount: UInt) -> Bool {
        switch self {
        case .guarded(let backing): backing.leavesPlace(pageCount)
        case .mapped(let backing): backing.leavesPlace(pageCount)
        }
    }
}

extension MemoryManager {
    @inline(__always)
    var backing: PageBacking {
        switch settings.backing {
        case .guarded: .guarded(GuardedBacking(granules: granules))
        case .mapped: .mapped(MappedBacking(granules: granules))
        }
    }
}
