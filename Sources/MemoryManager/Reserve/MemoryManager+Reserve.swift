// Reserve: free addresses become an allocation. Inside an arena only the map changes.

import AddressSpace
import LinuxKernel

/// When the pages of a new allocation are committed.
package enum CommitTiming {
    case later
    /// All pages are committed by the same call. If that fails, so does the reservation.
    case atOnce
    /// The allocation is a placeholder, in which no page can be committed.
    case never
}

extension CommitTiming {
    /// The state of the pages of a new allocation that are not committed.
    var uncommitted: PageState { self == .never ? .placeholder : .reserved }

    /// What a new allocation is.
    var kind: AllocationKind { self == .never ? .placeholder : .privateMemory }
}

extension MemoryManager {
    /// Reserves address space at a place that the library chooses.
    ///
    /// - Returns: Address of the first byte, a multiple of the alignment asked for.
    /// - Throws: `.outOfAddressSpace`; `.commitLimitReached`.
    /// - Complexity: No system call, unless the call makes an arena, commits pages, or searches outside the
    ///   arenas.
    package func reserve(
        _ placing: PlacementRequest, _ protection: PageProtection, _ backed: CommitTiming
    ) throws(MemoryError) -> UInt {
        takeOverSignals(for: protection.guardState)
        let base = try reserveSomewhere(placing, protection, backed)
        map.history.note(.reserve, pages(at: base, placing.pageCount))
        return base
    }

    @inline(__always)
    private func pages(at base: UInt, _ pageCount: UInt) -> PageRange {
        let start = Page.index(of: base)
        return PageRange(from: start, to: start &+ pageCount)
    }

    @inline(__always)
    private func reserveSomewhere(
        _ placing: PlacementRequest, _ protection: PageProtection, _ backed: CommitTiming
    ) throws(MemoryError) -> UInt {
        if placing.isLimited || placing.direction == .highestFirst {
            return try reserveAtFirstPlace(placing, protection, backed)
        }
        if backed == .atOnce, let base = try reserveLargeVacated(placing, protection) {
            return base
        }
        return try reserveInArena(placing, protection, backed)
    }

    /// Reserves in an arena, and makes one if necessary.
    @inline(__always)
    func reserveInArena(
        _ placing: PlacementRequest, _ protection: PageProtection, _ backed: CommitTiming
    ) throws(MemoryError) -> UInt {
        var placing = placing
        while true {
            let base =
                backed == .atOnce
                ? try carveCommitted(placing, protection) : try carve(placing, protection, backed)
            if let base { return base }
            try makeRoomAnywhere(for: &placing)
        }
    }

    /// Makes an arena. If the kernel has no room for one, allows low addresses.
    @inline(never)
    private func makeRoomAnywhere(for placing: inout PlacementRequest) throws(MemoryError) {
        do throws(MemoryError) { try makeRoom(for: &placing) } catch {
            if placing.isLimited || placing.lowAddresses == .used { throw error }
            placing.lowAddresses = .used
        }
    }

    private func carve(
        _ placing: PlacementRequest, _ protection: PageProtection, _ backed: CommitTiming
    ) throws(MemoryError) -> UInt? {
        let attributes = AllocationAttributes(
            initialProtection: protection, placement: .arena, kind: backed.kind)
        let thread = CurrentThread.identifier
        return try transact(begin()) { journal throws(Setback) in
            guard let range = try unclaimedGap(for: placing, thread) else { return nil }
            try requireTables(for: range)
            map.reserve(range, attributes, as: backed.uncommitted, in: .available, &journal)
            return range.base
        }
    }

    private func carveCommitted(
        _ placing: PlacementRequest, _ protection: PageProtection
    ) throws(MemoryError) -> UInt? {
        try reserveCommitted(protection) { thread throws(Setback) in
            try unclaimedGap(for: placing, thread)
        }?.base
    }

    /// The first place for `placing` that no other operation has claimed.
    @inline(__always)
    private func unclaimedGap(
        for placing: PlacementRequest, _ thread: UInt32
    ) throws(Setback) -> PageRange? {
        guard let gap = map.gap(for: placing) else { return nil }
        guard let conflict = map.claims.conflict(with: gap, for: thread) else { return gap }
        return try gapBehind(conflict, for: placing, thread)
    }

    /// The first unclaimed place beyond a claim.
    private func gapBehind(
        _ conflict: ClaimConflict, for placing: PlacementRequest, _ thread: UInt32
    ) throws(Setback) -> PageRange? {
        var conflict = conflict
        var placing = placing
        // Each turn steps over another claim.
        for _ in 0..<OperationSlots.count where !conflict.range.isEverything {
            switch placing.direction {
            case .lowestFirst: placing.lowest = max(placing.lowest, conflict.range.limit)
            case .highestFirst: placing.end = min(placing.end, conflict.range.base)
            }
            if placing.lowest >= placing.end { break }
            guard let gap = map.gap(for: placing) else { break }
            guard let next = map.claims.conflict(with: gap, for: thread) else { return gap }
            conflict = next
        }
        throw .blocked(conflict)
    }

    /// Reserves exactly `range`.
    ///
    /// - Parameter range: Begins on a granule.
    /// - Throws: `.rangeConflicts` if a page of it is not free. No mapping is moved or replaced.
    package func reserve(
        _ range: PageRange, _ protection: PageProtection, _ backed: CommitTiming
    ) throws(MemoryError) {
        takeOverSignals(for: protection.guardState)
        var isReserved = false
        while !isReserved {
            switch try undisturbedState(of: range) {
            case .available: isReserved = try reserveAvailable(range, protection, backed)
            case .unowned: isReserved = try reserveOnOwnMapping(range, protection, backed)
            case nil: try annex(range)
            default: throw .rangeConflicts
            }
        }
        map.history.note(.reserve, range)
    }

    private func reserveAvailable(
        _ range: PageRange, _ protection: PageProtection, _ backed: CommitTiming
    ) throws(MemoryError) -> Bool {
        if backed == .atOnce {
            return try reserveCommitted(protection) { _ in
                map.freeState(of: range) == .available ? range : nil
            } != nil
        }
        let attributes = AllocationAttributes(
            initialProtection: protection, placement: .arena, kind: backed.kind)
        let thread = CurrentThread.identifier
        return try transact(begin()) { journal throws(Setback) in
            try requireUnclaimed(range, by: thread)
            if map.freeState(of: range) != .available { return false }
            try requireTables(for: range)
            map.reserve(range, attributes, as: backed.uncommitted, in: .available, &journal)
            return true
        }
    }

    /// The state of `range` while no operation is changing it: `.available` or `.unowned` if all pages are;
    /// `nil` if all are free but only some are in an arena; `.reserved` if any page is not free.
    private func undisturbedState(of range: PageRange) throws(MemoryError) -> PageState? {
        let thread = CurrentThread.identifier
        return try transact(begin()) { _ throws(Setback) -> PageState? in
            try requireUnclaimed(range, by: thread)
            return map.freeState(of: range) ?? (isFreeAllOver(range) ? nil : .reserved)
        }
    }

    private func isFreeAllOver(_ range: PageRange) -> Bool {
        var page = range.start
        while page < range.end {
            let state = map.state(of: page)
            if state != .unowned && state != .available { return false }
            page = map.endOfExtent(containing: page)
        }
        return true
    }
}
