// Arenas: large inaccessible mappings out of which reservations are cut.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// The usual size of an arena, if the kernel allows it: 1 TiB of addresses, which take no memory.
    private static var usualArenaByteCount: UInt { 1 << 40 }
    /// Arenas begin on multiples of this: the span of one page of the kernel's page tables.
    private static var arenaAlignment: UInt { 2 << 20 }
    /// Gaps of at least this size (1 GiB) are given back when the kernel has no room.
    private static var leastIdlePageCount: UInt { 1 << 18 }

    /// Makes an arena with room for `placing`, at an address that the kernel chooses. If that is a low one,
    /// low addresses may be used from then on.
    ///
    /// - Throws: `.outOfAddressSpace`; always if `placing` has address limits.
    func makeRoom(for placing: inout PlacementRequest) throws(MemoryError) {
        if placing.isLimited { throw .outOfAddressSpace }
        if placing.alignment > Page.endOfReservableSpace { throw .outOfAddressSpace }
        let needed = MemoryManager.bytesNeeded(for: placing)
        if needed > Page.endOfReservableSpace { throw .outOfAddressSpace }
        islands.ballast.make()
        // With this size the rest of the gap is still of the last size class, so its end stays in its set.
        let roomy = needed &+ GapSets.leastPagesOfLast &<< Page.shift
        var byteCount = MemoryManager.usualArenaByteCount
        while byteCount < needed { byteCount &<<= 1 }
        // An address limit (RLIMIT_AS) must leave room for the rest of the program.
        let share = max(AddressLimit.byteCountLeft() / 2, needed)
        while byteCount > share && byteCount &>> 1 >= needed { byteCount &>>= 1 }
        while true {
            if makeArena(byteCount: byteCount, for: &placing) { return }
            if byteCount &>> 1 >= needed {
                byteCount &>>= 1
            } else if byteCount > roomy {
                byteCount = roomy
            } else if byteCount > needed {
                byteCount = needed
            } else if !releaseIdleArena() {
                throw .outOfAddressSpace
            }
        }
    }

    /// - Returns: False if there is no room for it, or none for its tables beside it.
    private func makeArena(byteCount: UInt, for placing: inout PlacementRequest) -> Bool {
        do throws(KernelError) {
            let base = try Mapping.reserve(byteCount: byteCount)
            do throws(MemoryError) {
                try openArena(at: base, byteCount: byteCount, for: &placing)
                return true
            } catch { return false }
        } catch { return false }
    }

    /// Records the aligned part of a fresh mapping as available, and gives the rest back.
    @_optimize(size)
    private func openArena(
        at base: UInt, byteCount: UInt, for placing: inout PlacementRequest
    ) throws(MemoryError) {
        let start = MemoryManager.startOfArena(at: base, byteCount: byteCount, for: placing)
        let end =
            min(base &+ byteCount, Page.endOfReservableSpace) & ~(Page.allocationGranularity &- 1)
        let whole = PageRange(from: Page.index(of: base), to: Page.index(of: base &+ byteCount))
        if start >= end {
            giveBack(whole)
            throw .outOfAddressSpace
        }
        let arena = PageRange(from: Page.index(of: start), to: Page.index(of: end))
        // The kernel has no other place: without them this arena would be made again and again.
        if !placing.hasPlace(in: arena) { placing.lowAddresses = .used }
        if whole.start < arena.start { giveBack(PageRange(from: whole.start, to: arena.start)) }
        if arena.end < whole.end { giveBack(PageRange(from: arena.end, to: whole.end)) }
        keepOutOfDumps(arena)
        let isNeeded: Bool
        do throws(MemoryError) {
            let thread = CurrentThread.identifier
            isNeeded = try transact(begin()) { journal throws(Setback) in
                try requireTables(for: arena)
                // A release may have unmapped these addresses and not recorded it yet.
                try requireUnclaimed(arena, by: thread)
                // Another thread may have made room meanwhile.
                if map.gap(for: placing) != nil { return false }
                if map.freeState(of: arena) != .unowned { throw .refused(.outOfAddressSpace) }
                map.openArena(arena, &journal)
                return true
            }
        } catch {
            giveBack(arena)
            throw error
        }
        if !isNeeded { giveBack(arena) }
    }

    /// Where an arena begins in a fresh mapping. If the mapping is large enough, the arena does not begin at
    /// low addresses, which are left for requests with limits, nor near the end of a table, where
    /// `isClear(behind:)` does not work.
    private static func startOfArena(
        at base: UInt, byteCount: UInt, for placing: PlacementRequest
    ) -> UInt {
        let mask = arenaAlignment &- 1
        let start = (base &+ mask) & ~mask
        let tableMask = PageTableLayout.pageCount &<< Page.shift &- 1
        let isNearEnd = tableMask &- (start & tableMask) < tableMask / 8
        if byteCount <= 4 &* tableMask || !isNearEnd && start >= Page.endOfLowAddresses {
            return start
        }
        let later = (start | tableMask) &+ 1 &+ arenaAlignment
        // Otherwise the arena would have no room for `placing`, and the caller would make arenas for ever.
        let hasRoom = bytesNeeded(for: placing) <= base &+ byteCount &- later
        return hasRoom ? later : start
    }

    /// The size that a mapping must have so that it has room for `placing`, wherever it begins.
    private static func bytesNeeded(for placing: PlacementRequest) -> UInt {
        // Both ends of the mapping are cut off at granules.
        (placing.pageCount &<< Page.shift) &+ max(placing.alignment, arenaAlignment)
            &+ 2 * Page.allocationGranularity
    }

    /// On the guarded backing, markers would make core dumps contain all of an inaccessible mapping.
    private func keepOutOfDumps(_ range: PageRange) {
        if settings.backing == .guarded { Mapping.keepOutOfDumps(range) }
    }

    /// Maps claimed free pages, inaccessible.
    func mapInaccessible(_ range: PageRange) throws(KernelError) {
        try Mapping.reserve(range)
        keepOutOfDumps(range)
    }

    /// Unmaps pages that were never recorded in the map.
    func giveBack(_ range: PageRange) {
        for _ in 0..<Granules.mostTries {
            do throws(KernelError) { return try Mapping.release(range) } catch {
                islands.ballast.giveUp()
            }
        }
        // At the limit on mappings the kernel cannot divide one. The pages stay mapped without being used,
        // which costs only address space.
    }

    /// Gives large gaps of arenas back while the process is near its address limit, which may have been set
    /// or lowered after the arenas were made.
    ///
    /// - Returns: True if something was given back.
    @inline(never)
    func trimArenas() -> Bool {
        var isAnyGone = false
        while AddressLimit.isNear, releaseIdleArena() { isAnyGone = true }
        return isAnyGone
    }

    /// Gives one large gap back to the kernel.
    ///
    /// - Returns: False if there is none.
    @_optimize(size)
    private func releaseIdleArena() -> Bool {
        do throws(MemoryError) {
            return try change(begin()) { _, _ throws(Setback) -> Claim? in
                guard let idle = map.firstAvailable(least: MemoryManager.leastIdlePageCount),
                    // The granule at its beginning may be shared with the allocation before it.
                    let range = idle.wholeGranules
                else { return nil }
                try requireTables(for: range)
                return .long(range)
            } act: { claim, _ throws(Refusal) in
                do throws(KernelError) { try Mapping.release(claim.pages) } catch {
                    throw .memory(.outOfAddressSpace)
                }
                granules.forget(claim.pages)
            } record: { claim, _, journal in
                map.setFree(claim.pages, to: .unowned, &journal)
                return .max
            } != nil
        } catch { return false }
    }

    /// Where an arena may end.
    private enum ArenaEnd {
        case granule
        /// At the end of the range, because other pages of the last granule are not ours.
        case page
    }

    /// Makes the first free part of a range part of an arena.
    ///
    /// - Parameter range: Begins on a granule.
    /// - Throws: `.rangeConflicts` if another mapping is there.
    func annex(_ range: PageRange) throws(MemoryError) {
        do throws(MemoryError) { try annex(range, upTo: .granule) } catch .rangeConflicts {
            try annex(range, upTo: .page)
        }
    }

    @_optimize(size)
    private func annex(_ range: PageRange, upTo end: ArenaEnd) throws(MemoryError) {
        var part = range
        _ = try change(begin()) { _, _ throws(Setback) -> Claim? in
            guard let free = map.firstUnowned(in: range) else { return nil }
            part =
                end == .page
                ? free : PageRange(from: free.start, to: free.withWholeGranules.end)
            if map.freeState(of: part) != .unowned { throw .refused(.rangeConflicts) }
            try requireTables(for: part)
            // The claim includes the pages of the first granule that may be ours already.
            return .long(PageRange(from: part.withWholeGranules.start, to: part.end))
        } act: { _, _ throws(Refusal) in
            try Refusal.of { () throws(KernelError) in
                try mapInaccessible(part)
                do throws(KernelError) { try backing.joinGranule(part) } catch {
                    if unmap(part) { throw error }
                    granules.noteUnsettled(PageRange(from: part.start, to: part.start &+ 1))
                }
            }
        } record: { _, _, journal in
            map.openArena(part, &journal)
            return .max
        }
    }
}
