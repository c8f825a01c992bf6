// The two ways of backing pages, behind one list of calls: which pages must be claimed for a change, and
// how the kernel is told of it. The caller holds the claim.

import AddressSpace
import LinuxKernel

/// What a backing answers. Granules.swift has what both are made of.
protocol Backing {
    /// True if committing `range`, a few pages of one table, takes one call that can be done over.
    func isReady(forCommitting range: PageRange) -> Bool

    /// Makes reserved pages readable and writable that are ready for it.
    func uncover(_ range: PageRange) throws(KernelError)

    /// Makes readable and writable pages inaccessible, and frees their contents; pages that are ready.
    func cover(_ range: PageRange) throws(KernelError)

    /// The pages that an operation must claim to commit `range`, if no granule of it is unsettled: itself,
    /// and what is prepared along with it.
    ///
    /// - Parameter new: The allocation to be, if the map does not have it yet.
    func claim(forCommitting range: PageRange, in new: Allocation?) -> PageRange

    /// Makes the pages of `range`, none of whose granules is unsettled, accessible as `access` says.
    ///
    /// - Parameters:
    ///   - claimed: `claim(forCommitting:in:)` of the range.
    ///   - summary: What the range holds now.
    /// - Throws: The kernel's refusal. Pages may then be left as they are to be; `restore` mends that.
    func commit(
        _ range: PageRange, as access: Protection, claimed: PageRange,
        over summary: AddressMap.RangeSummary
    ) throws(KernelError)

    /// Makes ready for it that `part` becomes nobody's, and the rest of its allocation another.
    ///
    /// - Parameter claimed: `claim(forReleasing:of:)` of the part.
    func prepareEdges(of part: PageRange, in allocation: Allocation, claimed: PageRange)

    /// Brings new inaccessible pages in line with the granule that they complete.
    ///
    /// - Parameter part: The claim covers it and its first granule.
    func joinGranule(_ part: PageRange) throws(KernelError)

    /// Whether a block of so many pages is unmapped when it is released (MemoryManager+PlaceCache.swift).
    func leavesPlace(_ pageCount: UInt) -> Bool
}

/// The backing that the process has.
enum PageBacking {
    case guarded(GuardedBacking)
    case mapped(MappedBacking)
}

extension PageBacking: Backing {
    private var granules: Granules {
        switch self {
        case .guarded(let backing): backing.granules
        case .mapped(let backing): backing.granules
        }
    }

    @inline(__always)
    func isReady(forCommitting range: PageRange) -> Bool {
        switch self {
        case .guarded(let backing): backing.isReady(forCommitting: range)
        case .mapped(let backing): backing.isReady(forCommitting: range)
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

    /// With the granules that are put in order along with it.
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
