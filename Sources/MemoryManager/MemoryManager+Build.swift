// Making an allocation that is committed from the start, or has a mapping of its own: the kernel is
// called between taking the addresses and showing the allocation. Until then it looks free.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// Drafts the taking of available pages for an allocation that is to be committed.
    func take(
        _ range: PageRange, _ protection: PageProtection, for operation: borrowing Operation,
        _ journal: inout Journal
    ) throws(Setback) -> Site {
        try requireAllTables(for: range)
        let attributes = AllocationAttributes(initialProtection: protection, placement: .arena)
        let claimed = backing.claim(
            forCommitting: range, in: Allocation(range: range, attributes: attributes))
        try claim(claimed, for: operation, &journal)
        try charge(range.pageCount, &journal)
        map.reserve(range, attributes, as: .forming, in: .available, &journal)
        return Site(range: range, claimed: claimed, attributes: attributes)
    }

    /// Commits the pages of a taken site, and shows the allocation.
    func build(
        on site: Site, _ protection: PageProtection, _ operation: borrowing Operation
    ) throws(MemoryError) {
        let range = site.range
        let state = PageState.committed(protection.access, protection.guardState)
        do throws(KernelError) {
            try backing.commit(
                range, as: state.enforced, claimed: site.claimed, over: AddressMap.Contents())
        } catch {
            restore(range)
            let slot = operation.slot
            record(operation) { journal in
                map.setFree(range, to: .available, &journal)
                map.charge.remove(range.pageCount, &journal)
                map.claims.withdraw(slot, &journal)
            }
            claimWaiting.wakeAll()
            throw refusal(of: error)
        }
        let slot = operation.slot
        record(operation) { journal in
            map.setState(ofAllocation: range, to: state, &journal)
            map.claims.withdraw(slot, &journal)
        }
        claimWaiting.wakeAll()
    }

    /// Maps claimed free pages, commits them if asked to, and shows the allocation.
    func buildOnOwnMapping(
        _ range: PageRange, _ protection: PageProtection, _ backed: Backed,
        _ operation: borrowing Operation
    ) throws(MemoryError) {
        let slot = operation.slot
        var state = PageState.reserved
        do throws(KernelError) {
            try Mapping.reserve(range)
            if backed == .atOnce {
                state = .committed(protection.access, protection.guardState)
                try commitFresh(range, state)
            }
        } catch {
            let charged = backed == .atOnce ? range.pageCount : 0
            record(operation) { journal in
                map.charge.remove(charged, &journal)
                map.claims.withdraw(slot, &journal)
            }
            claimWaiting.wakeAll()
            throw refusal(of: error)
        }
        let attributes = AllocationAttributes(initialProtection: protection, placement: .ownMapping)
        record(operation) { journal in
            map.reserve(range, attributes, as: state, in: .free, &journal)
            map.claims.withdraw(slot, &journal)
        }
        claimWaiting.wakeAll()
    }

    /// Commits a mapping just made; a refusal unmaps it again.
    private func commitFresh(_ range: PageRange, _ state: PageState) throws(KernelError) {
        do throws(KernelError) {
            try backing.commit(
                range, as: state.enforced, claimed: range, over: AddressMap.Contents())
        } catch {
            try Mapping.release(range)
            backing.prepared.remove(range)
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
