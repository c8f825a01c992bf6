// The common case, kept short because most calls are of it: a few pages of one run in prepared
// granules, readable and writable, that nobody else is changing. One claim, one call to the
// kernel, one transaction; and one attempt. Whatever does not fit goes the thorough way.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// Claims `range` if nothing has happened since `moment`, and nobody else is at these pages.
    @inline(__always)
    private func tryClaim(
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

    /// Commits reserved pages for reading and writing.
    ///
    /// - Returns: False if it is not that simple; then nothing was done.
    @inline(__always)
    package func commitAtAGlance(_ range: PageRange) throws(MemoryError) -> Bool {
        let backing = backing
        let operation = beginInLine()
        let moment = sequencer.settle()
        guard backing.isReady(forCommitting: range),
            map.stateAtAGlance(of: range) == .reserved,
            tryClaim(range, for: operation, at: moment)
        else { return false }
        try charge(range.pageCount, for: operation)
        do throws(KernelError) { try backing.uncover(range) } catch {
            throw abandon(range, charged: range.pageCount, operation, error)
        }
        record(operation, .committed(.readWrite), of: range)
        return true
    }

    /// Decommits committed pages that were readable and writable.
    @inline(__always)
    package func decommitAtAGlance(_ range: PageRange) throws(MemoryError) -> Bool {
        let backing = backing
        let operation = beginInLine()
        let moment = sequencer.settle()
        guard backing.kind == .guarded,
            map.stateAtAGlance(of: range) == .committed(.readWrite),
            PagesWithContents(directory: map.directory).hasNone(nearby: range),
            tryClaim(range, for: operation, at: moment)
        else { return false }
        do throws(KernelError) { try backing.cover(range) } catch {
            throw abandon(range, charged: 0, operation, error)
        }
        record(operation, .reserved, of: range)
        map.charge.remove(range.pageCount)
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
        guard let old = map.stateAtAGlance(of: range), old.isCommitted, !old.isLocked,
            let base = map.allocations.previous(from: range.start),
            let table = map.directory.table(of: base),
            tryClaim(range, for: operation, at: moment)
        else { return nil }
        let caching = table.attributes(at: base).initialProtection.caching
        if !old.enforced.isEnforcedLike(access) {
            do throws(KernelError) { try PageAccess.set(access, on: range) } catch {
                throw abandon(range, charged: 0, operation, error)
            }
        }
        record(operation, .committed(access), of: range)
        return PageProtection(old.access, guardState: old.guardState, caching: caching)
    }

    /// Records `state` for a glance of pages, and ends the claim.
    @inline(__always)
    private func record(
        _ operation: borrowing Operation, _ state: PageState, of range: PageRange
    ) {
        _ = recordInLine(operation) { map.setState(state, of: range, &$0) }
        withdraw(operation)
    }

    /// Reserves available pages and commits them for reading and writing.
    ///
    /// - Returns: Their address; `nil` if it is not that simple; then nothing was done.
    @inline(__always)
    package func reserveCommittedAtAGlance(_ pageCount: UInt) throws(MemoryError) -> UInt? {
        let backing = backing
        let operation = beginInLine()
        let moment = sequencer.settle()
        guard let range = map.gap(for: Placing(pageCount: pageCount)),
            map.isGlance(range), backing.isReady(forCommitting: range),
            tryClaim(range, for: operation, at: moment)
        else { return nil }
        try charge(range.pageCount, for: operation)
        do throws(KernelError) { try backing.uncover(range) } catch {
            throw abandon(range, charged: range.pageCount, operation, error)
        }
        let attributes = AllocationAttributes(
            initialProtection: PageProtection(.readWrite), placement: .arena)
        recordInLine(operation) { journal in
            map.reserve(
                range, attributes, as: .committed(.readWrite), in: .available, &journal)
        }
        withdraw(operation)
        return range.base
    }

    /// Releases a small allocation that is committed, readable and writable all over.
    @inline(__always)
    package func releaseAtAGlance(allocationBasedAt page: UInt) throws(MemoryError) -> Bool {
        let backing = backing
        let operation = beginInLine()
        let moment = sequencer.settle()
        guard backing.kind == .guarded,
            let range = map.allocationAtAGlance(basedAt: page, in: .committed(.readWrite)),
            tryClaim(range, for: operation, at: moment)
        else { return false }
        do throws(KernelError) { try backing.cover(range) } catch {
            throw abandon(range, charged: 0, operation, error)
        }
        recordInLine(operation) { map.setFree(range, to: .available, &$0) }
        withdraw(operation)
        map.charge.remove(range.pageCount)
        return true
    }
}
