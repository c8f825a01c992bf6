// Reserve: free addresses become an allocation. Inside an arena that is book-keeping alone.

import AddressSpace
import LinuxKernel

/// What else a reserving call asks for.
package enum Backed {
    case later
    /// All pages are to be committed at once; if that fails, so does the reservation.
    case atOnce
}

/// Where an allocation will be, and what there was.
struct Site {
    let range: PageRange
    /// The pages claimed for it.
    let claimed: PageRange
    let attributes: AllocationAttributes
}

extension MemoryManager {
    /// Reserves address space of the system's choice.
    ///
    /// - Returns: Address of the first byte, a multiple of the alignment asked for.
    /// - Throws: `.outOfAddressSpace`; `.commitLimitReached`.
    /// - Complexity: No system call, unless an arena must be made, the pages committed, or the place
    ///   looked for.
    package func reserve(
        _ placing: Placing, _ protection: PageProtection, _ backed: Backed
    ) throws(MemoryError) -> UInt {
        if placing.isLimited || placing.direction == .highestFirst {
            return try reserveAtFirstPlace(placing, protection, backed)
        }
        if backed == .atOnce, let base = try reserveLargeVacated(placing, protection) {
            return base
        }
        return try reserveInArena(placing, protection, backed)
    }

    /// Reserves in an arena, which is made if need be.
    @inline(__always)
    func reserveInArena(
        _ placing: Placing, _ protection: PageProtection, _ backed: Backed
    ) throws(MemoryError) -> UInt {
        while true {
            let base =
                backed == .later
                ? try carve(placing, protection) : try carveCommitted(placing, protection)
            if let base { return base }
            try makeRoom(for: placing)
        }
    }

    private func carve(
        _ placing: Placing, _ protection: PageProtection
    ) throws(MemoryError) -> UInt? {
        let operation = begin()
        return try transact(operation) { journal throws(Setback) in
            guard let range = try unclaimedGap(for: placing, operation) else { return nil }
            try requireTables(for: range)
            map.reserve(
                range, AllocationAttributes(initialProtection: protection, placement: .arena),
                as: .reserved, in: .available, &journal)
            return range.base
        }
    }

    private func carveCommitted(
        _ placing: Placing, _ protection: PageProtection
    ) throws(MemoryError) -> UInt? {
        let operation = begin()
        let site = try transact(operation) { journal throws(Setback) -> Site? in
            guard let range = try unclaimedGap(for: placing, operation) else { return nil }
            return try take(range, protection, for: operation, &journal)
        }
        guard let site else { return nil }
        try build(on: site, protection, operation)
        return site.range.base
    }

    /// The first gap that nobody is building on just now.
    @inline(__always)
    private func unclaimedGap(
        for placing: Placing, _ operation: borrowing Operation
    ) throws(Setback) -> PageRange? {
        guard let gap = map.gap(for: placing) else { return nil }
        guard let conflict = map.claims.conflict(with: gap, for: operation.thread) else {
            return gap
        }
        return try gapBehind(conflict, for: placing, operation)
    }

    /// The first gap on the far side of a claim that nobody is building on.
    private func gapBehind(
        _ conflict: ClaimConflict, for placing: Placing, _ operation: borrowing Operation
    ) throws(Setback) -> PageRange? {
        var conflict = conflict
        var placing = placing
        // Each turn passes another claim.
        for _ in 0..<OperationSlots.count {
            switch placing.direction {
            case .lowestFirst: placing.lowest = max(placing.lowest, conflict.range.limit)
            case .highestFirst: placing.end = min(placing.end, conflict.range.base)
            }
            if placing.lowest >= placing.end { break }
            guard let gap = map.gap(for: placing) else { break }
            guard let next = map.claims.conflict(with: gap, for: operation.thread) else {
                return gap
            }
            conflict = next
        }
        throw .blocked(conflict)
    }

    /// Reserves exactly `range`.
    ///
    /// - Parameter range: Begins on a granule.
    /// - Throws: `.rangeConflicts` if a page of it is not free; nothing is moved or replaced.
    package func reserve(
        _ range: PageRange, _ protection: PageProtection, _ backed: Backed
    ) throws(MemoryError) {
        while try !tryReserve(range, protection, backed) { try annex(range) }
    }

    /// - Returns: False if part of the range lies in an arena and part outside.
    @_optimize(size)
    private func tryReserve(
        _ range: PageRange, _ protection: PageProtection, _ backed: Backed
    ) throws(MemoryError) -> Bool {
        let operation = begin()
        let attributes = AllocationAttributes(initialProtection: protection, placement: .arena)
        let (found, site) = try transact(operation) { journal throws(Setback) in
            try requireUnclaimed(range, by: operation)
            try backed == .later ? requireTables(for: range) : requireAllTables(for: range)
            let free = map.freeState(of: range)
            switch free {
            case .some(.available) where backed == .later:
                map.reserve(range, attributes, as: .reserved, in: .available, &journal)
                return (PageState?.some(.available), Site?.none)
            case .some(.available):
                return (.available, try take(range, protection, for: operation, &journal))
            case .some(.free):
                try claim(range, for: operation, &journal)
                return (.free, nil)
            default:
                if isFreeAllOver(range) { return (nil, nil) }
                throw .refused(.rangeConflicts)
            }
        }
        if found == nil { return false }
        if let site {
            try build(on: site, protection, operation)
        } else if found == .free {
            try buildOnOwnMapping(range, protection, backed, operation)
        }
        return true
    }

    private func isFreeAllOver(_ range: PageRange) -> Bool {
        var page = range.start
        while page < range.end {
            let state = map.state(of: page)
            if state != .free && state != .available { return false }
            page = map.endOfObject(containing: page)
        }
        return true
    }
}
