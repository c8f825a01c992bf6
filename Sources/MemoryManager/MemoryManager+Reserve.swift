// Reserve: free addresses become an allocation. Inside an arena that is book-keeping alone.

import AddressSpace
import LinuxKernel

/// What else a reserving call asks for.
package enum Backed {
    case later
    /// All pages are to be committed at once; if that fails, so does the reservation.
    case atOnce
}

extension MemoryManager {
    /// Reserves address space of the system's choice.
    ///
    /// - Returns: Address of the first byte, a multiple of the alignment asked for.
    /// - Throws: `.outOfAddressSpace`; `.commitLimitReached`.
    /// - Complexity: No system call, unless an arena must be made, or the pages committed.
    package func reserve(
        _ placing: Placing, _ protection: PageProtection, _ backed: Backed
    ) throws(MemoryError) -> UInt {
        while true {
            let base = backed == .later
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
            guard let range = map.gap(for: placing, &journal) else { return nil }
            try requireTables(for: range)
            map.reserve(
                range, AllocationAttributes(initialProtection: protection, placement: .arena),
                &journal)
            return range.base
        }
    }

    private func carveCommitted(
        _ placing: Placing, _ protection: PageProtection
    ) throws(MemoryError) -> UInt? {
        let operation = begin()
        let attributes = AllocationAttributes(initialProtection: protection, placement: .arena)
        let plan = try transact(operation) { journal throws(Setback) -> (PageRange, PageRange)? in
            guard let range = map.gap(for: placing, &journal) else { return nil }
            try requireAllTables(for: range)
            let claimed = backing.claim(
                forCommitting: range, in: Allocation(range: range, attributes: attributes))
            try claim(claimed, for: operation, &journal)
            try charge(range.pageCount, &journal)
            map.reserve(range, attributes, &journal)
            return (range, claimed)
        }
        guard let (range, claimed) = plan else { return nil }
        let state = PageState.committed(protection.access, protection.guardState)
        do throws(KernelError) {
            try backing.commit(
                range, as: state.enforced, claimed: claimed, over: AddressMap.Contents())
        } catch {
            undoCarving(of: range, operation)
            throw refusal(of: error)
        }
        record(operation, state, of: range) { _ in }
        return range.base
    }

    private func undoCarving(of range: PageRange, _ operation: borrowing Operation) {
        backing.restore(range)
        record(operation, .reserved, of: range) { journal in
            map.setFree(range, to: .available, &journal)
            map.charge.remove(range.pageCount, &journal)
        }
    }

    /// Reserves exactly `range`.
    ///
    /// - Parameter range: Begins on a granule.
    /// - Throws: `.rangeConflicts` if a page of it is not free; nothing is moved or replaced.
    package func reserve(
        _ range: PageRange, _ protection: PageProtection, _ backed: Backed
    ) throws(MemoryError) {
        while try !tryReserve(range, protection) { try annex(range) }
        if backed == .later { return }
        do throws(MemoryError) {
            try commit(range, protection)
        } catch {
            try release(allocationBasedAt: range.start)
            throw error
        }
    }

    /// - Returns: False if part of the range lies in an arena and part outside.
    private func tryReserve(
        _ range: PageRange, _ protection: PageProtection
    ) throws(MemoryError) -> Bool {
        let operation = begin()
        let state = try transact(operation) { journal throws(Setback) -> PageState? in
            try requireTables(for: range)
            guard let state = map.freeState(of: range) else {
                if isFreeAllOver(range) { return nil }
                throw .refused(.rangeConflicts)
            }
            if state == .free {
                try claim(range, for: operation, &journal)
            } else {
                map.reserve(
                    range, AllocationAttributes(initialProtection: protection, placement: .arena),
                    &journal)
            }
            return state
        }
        guard let state else { return false }
        if state == .available { return true }
        try mapExactly(range, operation)
        let slot = operation.slot
        record(operation) { journal in
            map.reserve(
                range, AllocationAttributes(initialProtection: protection, placement: .ownMapping),
                &journal)
            map.claims.withdraw(slot, &journal)
        }
        claimWaiting.wakeAll()
        return true
    }

    func mapExactly(
        _ range: PageRange, _ operation: borrowing Operation
    ) throws(MemoryError) {
        do throws(KernelError) {
            try Mapping.reserve(range)
        } catch {
            withdraw(operation)
            throw refusal(of: error)
        }
    }

    private func isFreeAllOver(_ range: PageRange) -> Bool {
        var page = range.start
        while page < range.end {
            if !map.state(of: page).isFree { return false }
            page = map.endOfObject(containing: page)
        }
        return true
    }
}
