// Arenas: large inaccessible mappings that reservations are carved out of.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// An arena has this size, if the kernel allows: 1 TiB of addresses, no memory.
    private static var usualArenaByteCount: UInt { 1 << 40 }
    /// Arenas begin on multiples of this: what one page of the kernel's page tables covers.
    private static var arenaAlignment: UInt { 2 << 20 }
    /// Available stretches from this size on (1 GiB) are given back when the kernel has no room.
    private static var leastIdlePageCount: UInt { 1 << 18 }

    /// Makes an arena with room for `placing`, wherever the kernel likes. If that is at low addresses, they
    /// may be used from then on.
    ///
    /// - Throws: `.outOfAddressSpace`, at once if addresses are limited.
    func makeRoom(for placing: inout PlacementRequest) throws(MemoryError) {
        if placing.isLimited { throw .outOfAddressSpace }
        if placing.alignment > Page.endOfReservableSpace { throw .outOfAddressSpace }
        let needed = MemoryManager.bytesNeeded(for: placing)
        if needed > Page.endOfReservableSpace { throw .outOfAddressSpace }
        islands.ballast.make()
        // What is left of the gap is a large one still, and its end stays in its set.
        let roomy = needed &+ GapSets.leastPagesOfLast &<< Page.shift
        var byteCount = MemoryManager.usualArenaByteCount
        while byteCount < needed { byteCount &<<= 1 }
        // The rest of the program must be able to live beside it.
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

    /// Enters the aligned part of a fresh mapping as available, and gives the rest back.
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
                // A release that has unmapped these addresses and not recorded it yet.
                try requireUnclaimed(arena, by: thread)
                // Another thread may have made room meanwhile.
                if map.gap(for: placing) != nil { return false }
                if map.freeState(of: arena) != .free { throw .refused(.outOfAddressSpace) }
                map.openArena(arena, &journal)
                return true
            }
        } catch {
            giveBack(arena)
            throw error
        }
        if !isNeeded { giveBack(arena) }
    }

    /// Where an arena begins in a fresh mapping. If it is so large that it does not matter, not at low
    /// addresses, which are left to those who ask for them; nor at an end of a table: there a large gap is
    /// not known at a glance.
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
        // Else it would be given back for the next try, and made again, for ever.
        let hasRoom = bytesNeeded(for: placing) <= base &+ byteCount &- later
        return hasRoom ? later : start
    }

    /// What a mapping must have so that there is room for `placing`, wherever it begins.
    private static func bytesNeeded(for placing: PlacementRequest) -> UInt {
        // Both ends are cut to granules.
        (placing.pageCount &<< Page.shift) &+ max(placing.alignment, arenaAlignment)
            &+ 2 * Page.allocationGranularity
    }

    /// On the guarded backing markers would have a dump hold all of an inaccessible mapping.
    private func keepOutOfDumps(_ range: PageRange) {
        if settings.backing == .guarded { Mapping.keepOutOfDumps(range) }
    }

    /// Maps claimed free pages, inaccessible.
    func mapInaccessible(_ range: PageRange) throws(KernelError) {
        try Mapping.reserve(range)
        keepOutOfDumps(range)
    }

    /// Unmaps pages that were never entered in the map.
    func giveBack(_ range: PageRange) {
        for _ in 0..<MemoryManager.mostTries {
            do throws(KernelError) { return try Mapping.release(range) } catch {
                islands.ballast.giveUp()
            }
        }
        // At the limit on mappings the kernel cannot cut one; the pages stay mapped and nobody's, which
        // costs addresses and nothing else.
    }

    /// After a limit on addresses was set, or lowered, that arenas alone exceed by half: gives back what
    /// nothing is reserved of.
    ///
    /// - Returns: True if something was given back.
    @inline(never)
    func trimArenas() -> Bool {
        var isAnyGone = false
        while AddressLimit.isNear, releaseIdleArena() { isAnyGone = true }
        return isAnyGone
    }

    /// Gives one large available stretch back to the kernel.
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
                map.setFree(claim.pages, to: .free, &journal)
                return .max
            } != nil
        } catch { return false }
    }

    /// Where an arena may end.
    private enum ArenaEnd {
        case granule
        /// As little as is asked for: the other pages of the last granule are somebody else's.
        case page
    }

    /// Turns the first free part of a range into arena.
    ///
    /// - Parameter range: Begins on a granule.
    /// - Throws: `.rangeConflicts` if the kernel has something there.
    func annex(_ range: PageRange) throws(MemoryError) {
        do throws(MemoryError) { try annex(range, upTo: .granule) } catch .rangeConflicts {
            try annex(range, upTo: .page)
        }
    }

    @_optimize(size)
    private func annex(_ range: PageRange, upTo end: ArenaEnd) throws(MemoryError) {
        var part = range
        _ = try change(begin()) { _, _ throws(Setback) -> Claim? in
            guard let free = map.firstFree(in: range) else { return nil }
            part =
                end == .page
                ? free : PageRange(from: free.start, to: free.withWholeGranules.end)
            if map.freeState(of: part) != .free { throw .refused(.rangeConflicts) }
            try requireTables(for: part)
            // With the pages of its first granule that may be ours already.
            return .long(PageRange(from: part.withWholeGranules.start, to: part.end))
        } act: { _, _ throws(Refusal) in
            try Refusal.of { () throws(KernelError) in
                try mapInaccessible(part)
                do throws(KernelError) { try backing.joinGranule(part) } catch {
                    giveBack(part)
                    throw error
                }
            }
        } record: { _, _, journal in
            map.openArena(part, &journal)
            return .max
        }
    }
}
