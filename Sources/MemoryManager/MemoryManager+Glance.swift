// The common case, kept short because most calls are of it: a few pages of one run in prepared
// granules, readable and writable, that nobody else is changing. One claim, one call to the
// kernel, one transaction; and one attempt. Whatever does not fit goes the thorough way.
//
// What is to be recorded is drafted before the kernel is called. It holds if nothing but the claim
// has happened since; else it is drafted again.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// Commits reserved pages for reading and writing.
    ///
    /// - Returns: False if it is not that simple; then nothing was done.
    @inline(__always)
    package func commitAtAGlance(_ range: PageRange) throws(MemoryError) -> Bool {
        let backing = backing
        let operation = beginInLine()
        let moment = sequencer.settle()
        var journal = draft(behindClaimOf: operation, at: moment)
        guard backing.isReady(forCommitting: range), map.stateAtAGlance(of: range) == .reserved
        else { return false }
        map.setState(.committed(.readWrite), of: range, from: .reserved, &journal)
        guard tryClaim(range, for: operation, at: moment) else { return false }
        try charge(range.pageCount, for: operation)
        do throws(KernelError) { try backing.uncover(range) } catch {
            throw abandon(range, charged: range.pageCount, operation, error)
        }
        if !sequencer.publish(journal, in: operation.slot, at: moment.following) {
            recordLate(operation, .committed(.readWrite), of: range)
        }
        withdraw(operation)
        return true
    }

    /// Decommits committed pages that were readable and writable.
    ///
    /// - Returns: False if it is not that simple; then nothing was done.
    @inline(__always)
    package func decommitAtAGlance(_ range: PageRange) throws(MemoryError) -> Bool {
        let backing = backing
        let operation = beginInLine()
        let moment = sequencer.settle()
        var journal = draft(behindClaimOf: operation, at: moment)
        guard map.stateAtAGlance(of: range) == .committed(.readWrite) else { return false }
        map.setState(.reserved, of: range, from: .committed(.readWrite), &journal)
        guard tryClaim(range, for: operation, at: moment) else { return false }
        takeApartHugePages(at: range)
        do throws(KernelError) { try backing.cover(range) } catch {
            throw abandon(range, charged: 0, operation, error)
        }
        if !sequencer.publish(journal, in: operation.slot, at: moment.following) {
            recordLate(operation, .reserved, of: range)
        }
        // Under the claim: a reset notes them without a transaction.
        let noted = PagesWithContents(directory: map.directory)
        if !noted.hasNone(nearby: range) { noted.removeAll(of: range) }
        map.charge.remove(range.pageCount)
        withdraw(operation)
        return true
    }

    /// Changes the protection of committed pages.
    ///
    /// - Returns: That of the first page before; `nil` if it is not that simple; then nothing was done.
    @inline(__always)
    package func protectAtAGlance(
        _ range: PageRange, _ access: Protection
    ) throws(MemoryError) -> PageProtection? {
        let operation = beginInLine()
        let moment = sequencer.settle()
        var journal = draft(behindClaimOf: operation, at: moment)
        guard let old = map.stateAtAGlance(of: range), old.isCommitted, !old.isLocked,
            let base = map.allocations.previous(from: range.start),
            let table = map.directory.table(of: base)
        else { return nil }
        let caching = table.attributes(at: base).initialProtection.caching
        map.setState(.committed(access), of: range, from: old, &journal)
        guard tryClaim(range, for: operation, at: moment) else { return nil }
        if !old.enforced.isEnforcedLike(access) {
            do throws(KernelError) { try PageAccess.set(access, on: range) } catch {
                throw abandon(range, charged: 0, operation, error)
            }
        }
        if !sequencer.publish(journal, in: operation.slot, at: moment.following) {
            recordLate(operation, .committed(access), of: range)
        }
        withdraw(operation)
        return PageProtection(old.access, guardState: old.guardState, caching: caching)
    }

    /// The region that begins at `page`.
    ///
    /// - Returns: `nil` if it is not that simple.
    @inline(__always)
    package func regionAtAGlance(from page: UInt) -> MemoryRegion? {
        let moment = sequencer.settle()
        guard let region = map.regionAtAGlance(from: page), let allocation = region.allocation,
            sequencer.isStill(moment)
        else { return nil }
        return describe(region, allocation)
    }

    /// Reserves available pages and commits them for reading and writing.
    ///
    /// - Returns: Their address; `nil` if it is not that simple; then nothing was done.
    @inline(__always)
    package func reserveCommittedAtAGlance(_ pageCount: UInt) throws(MemoryError) -> UInt? {
        let backing = backing
        if backing.kind == .mapped, let base = try reserveVacated(pageCount) { return base }
        let operation = beginInLine()
        let moment = sequencer.settle()
        var journal = draft(behindClaimOf: operation, at: moment)
        let state = PageState.committed(.readWrite)
        let attributes = AllocationAttributes(
            initialProtection: PageProtection(.readWrite), placement: .arena
        ).committedAtOnce
        let frontier = map.placeAtFrontier(pageCount)
        guard let range = frontier ?? map.gap(for: Placing(pageCount: pageCount)),
            map.isGlance(range), backing.isReady(forCommitting: range)
        else { return nil }
        if frontier != nil {
            map.reserveAtFrontier(range, attributes, as: state, &journal)
        } else {
            map.reserve(range, attributes, as: state, in: .available, &journal)
        }
        guard tryClaim(range, for: operation, at: moment) else { return nil }
        try charge(pageCount, for: operation)
        do throws(KernelError) { try backing.uncover(range) } catch {
            throw abandon(range, charged: pageCount, operation, error)
        }
        if !sequencer.publish(journal, in: operation.slot, at: moment.following) {
            recordLate(operation, attributes, as: state, of: range)
        }
        withdraw(operation)
        return range.base
    }

    /// Releases a small allocation that is committed, readable and writable all over.
    ///
    /// - Returns: False if it is not that simple; then nothing was done.
    @inline(__always)
    package func releaseAtAGlance(allocationBasedAt page: UInt) throws(MemoryError) -> Bool {
        let backing = backing
        if backing.kind == .mapped && vacate(allocationBasedAt: page) { return true }
        let operation = beginInLine()
        let moment = sequencer.settle()
        var journal = draft(behindClaimOf: operation, at: moment)
        guard let range = map.allocationAtAGlance(basedAt: page, in: .committed(.readWrite))
        else { return false }
        map.setAvailable(range, &journal)
        guard tryClaim(range, for: operation, at: moment) else { return false }
        takeApartHugePages(at: range)
        do throws(KernelError) { try backing.cover(range) } catch {
            throw abandon(range, charged: 0, operation, error)
        }
        if !sequencer.publish(journal, in: operation.slot, at: moment.following) {
            recordLateRelease(operation, of: range)
        }
        map.charge.remove(range.pageCount)
        withdraw(operation)
        return true
    }
}

// MARK: - What these have in common

extension MemoryManager {
    /// The draft of the transaction that follows the claim, if nothing comes between.
    @inline(__always)
    func draft(
        behindClaimOf operation: borrowing Operation, at moment: Sequencer.Moment
    ) -> Journal {
        unsafe Journal(entries: operation.slot.entries, transaction: moment.following.next)
    }

    /// Claims `range` if nothing has happened since `moment`, and nobody else is at these pages.
    @inline(__always)
    func tryClaim(
        _ range: PageRange, for operation: borrowing Operation, at moment: Sequencer.Moment
    ) -> Bool {
        if map.claims.conflict(with: range, for: operation.thread) != nil { return false }
        operation.slot.setClaim(range)
        map.claims.announce(operation.slot)
        if sequencer.advance(from: moment) { return true }
        giveUp(operation)
        return false
    }

    @inline(never)
    private func giveUp(_ operation: borrowing Operation) { withdraw(operation) }

    /// Puts everything back after a refusal by the kernel.
    @inline(never)
    private func abandon(
        _ range: PageRange, charged: UInt, _ operation: borrowing Operation, _ error: KernelError
    ) -> MemoryError {
        restore(range)
        map.charge.refund(charged)
        withdraw(operation)
        return refusal(of: error)
    }

    @inline(never)
    private func recordLate(
        _ operation: borrowing Operation, _ state: PageState, of range: PageRange
    ) {
        _ = record(operation) { map.setState(state, of: range, &$0) }
    }

    @inline(never)
    private func recordLate(
        _ operation: borrowing Operation, _ attributes: AllocationAttributes, as state: PageState,
        of range: PageRange
    ) {
        record(operation) { map.reserve(range, attributes, as: state, in: .available, &$0) }
    }

    @inline(never)
    private func recordLateRelease(_ operation: borrowing Operation, of range: PageRange) {
        record(operation) { map.setFree(range, to: .available, &$0) }
    }
}
