// Protect: committed pages change what they allow.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// Sets the protection of committed pages.
    ///
    /// - Parameter range: Pages of one allocation, all committed.
    /// - Returns: The protection of the first page before.
    /// - Throws: `.notAllocated` if the first page is free; `.invalidParameter` if it is not, and the
    ///   protection is for views only; `.rangeConflicts` if the range leaves its
    ///   allocation; `.notCommitted`; `.outOfAddressSpace` at the kernel's limit on mappings.
    /// - Complexity: One system call.
    package func protect(
        _ range: PageRange, _ access: Protection, _ guardState: Guard
    ) throws(MemoryError) -> PageProtection {
        let operation = begin()
        let (contents, old) = try transact(operation) { journal throws(Setback) in
            if access.isCopyOnWrite && !map.state(of: range.start).isFree {
                throw .refused(.invalidParameter)
            }
            guard let origin = map.origin(of: range) else {
                let isFree = map.state(of: range.start).isFree
                throw .refused(isFree ? .notAllocated : .rangeConflicts)
            }
            let contents = map.contents(of: range)
            if contents.committedPageCount < range.pageCount { throw .refused(.notCommitted) }
            try requireTables(for: range)
            try claim(range, for: operation, &journal)
            let first = map.state(of: range.start)
            let old = PageProtection(
                first.access, guardState: first.guardState,
                caching: origin.attributes.initialProtection.caching)
            return (contents, old)
        }
        let state = PageState.committed(access, guardState)
        do throws(KernelError) {
            let isEnforcedAlready = contents.commonEnforced?.isEnforcedLike(state.enforced) == true
            if !isEnforcedAlready { try PageAccess.set(state.enforced, on: range) }
        } catch {
            restore(range)
            withdraw(operation)
            throw refusal(of: error)
        }
        if contents.hasLockedPages {
            recordEach(operation, range) { $0.isLocked ? state.locked : state }
        } else {
            record(operation, state, of: range) { _ in }
        }
        return old
    }
}
