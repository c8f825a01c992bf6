// Making an allocation that is committed from the start, or has a mapping of its own: the kernel is
// called while the addresses are claimed, and the allocation is recorded when it is complete. Until
// then they look free.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// Drafts the claim of available pages for an allocation that is to be committed.
    @inline(__always)
    func take(
        _ range: PageRange, _ protection: PageProtection, for operation: borrowing Operation,
        _ journal: inout Journal
    ) throws(Setback) -> Site {
        try requireAllTables(for: range)
        let attributes = AllocationAttributes(initialProtection: protection, placement: .arena)
            .committedAtOnce
        let claimed = backing.claim(
            forCommitting: range, in: Allocation(range: range, attributes: attributes))
        try claim(claimed, for: operation, &journal)
        return Site(range: range, claimed: claimed, attributes: attributes)
    }

    /// Commits the pages of a taken site, and records the allocation.
    @inline(__always)
    func build(
        on site: Site, _ protection: PageProtection, _ operation: borrowing Operation
    ) throws(MemoryError) {
        let range = site.range
        let state = PageState.committed(protection.access, protection.guardState)
        try charge(range.pageCount, for: operation)
        do throws(KernelError) {
            askForHugePages(in: site.claimed)
            try backing.commit(
                range, as: state.enforced, claimed: site.claimed, over: AddressMap.Contents())
        } catch {
            restore(range)
            map.charge.refund(range.pageCount)
            withdraw(operation)
            throw refusal(of: error)
        }
        record(operation) { journal in
            map.reserve(range, site.attributes, as: state, in: .available, &journal)
        }
        withdraw(operation)
    }

    /// Maps claimed free pages, commits them if asked to, and records the allocation.
    func buildOnOwnMapping(
        _ range: PageRange, _ protection: PageProtection, _ backed: Backed,
        _ operation: borrowing Operation
    ) throws(MemoryError) {
        let charged = backed == .atOnce ? range.pageCount : 0
        var state = PageState.reserved
        try charge(charged, for: operation)
        do throws(KernelError) {
            try Mapping.reserve(range)
            if backed == .atOnce {
                state = .committed(protection.access, protection.guardState)
                try commitFresh(range, state)
            }
        } catch {
            map.charge.refund(charged)
            withdraw(operation)
            throw refusal(of: error)
        }
        let attributes = AllocationAttributes(initialProtection: protection, placement: .ownMapping)
        record(operation) { journal in
            map.reserve(range, attributes, as: state, in: .free, &journal)
        }
        withdraw(operation)
    }

    /// Commits a mapping just made; a refusal unmaps it again.
    private func commitFresh(_ range: PageRange, _ state: PageState) throws(KernelError) {
        do throws(KernelError) {
            askForHugePages(in: range)
            try backing.commit(
                range, as: state.enforced, claimed: range, over: AddressMap.Contents())
        } catch {
            backing.prepared.remove(range)
            try Mapping.release(range)
            throw error
        }
    }

    /// Maps claimed free pages; a refusal ends the claim.
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
}
