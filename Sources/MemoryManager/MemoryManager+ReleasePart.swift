// Release of a part: some pages of an allocation become free, the others stay as they are
// (behaviour 4.31 to 4.34). Only the NT interface asks for it.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    private struct PartPlan {
        let allocation: Allocation
        let contents: AddressMap.Contents
        let claimed: PageRange
    }

    /// Releases the pages of `part`; what is left above them becomes an allocation of its own.
    ///
    /// - Throws: `.notAllocated` if its first page is free; `.pastAllocationEnd` if it leaves its
    ///   allocation. Nothing is changed then.
    /// - Complexity: One to three system calls.
    package func release(part: PageRange) throws(MemoryError) {
        if try !tryRelease(part: part) { try release(allocationBasedAt: part.start) }
    }

    /// - Returns: False if the part is all of its allocation.
    @_optimize(size)
    private func tryRelease(part: PageRange) throws(MemoryError) -> Bool {
        let operation = begin()
        let plan = try transact(operation) { journal throws(Setback) -> PartPlan? in
            guard let allocation = map.allocation(containing: part.start) else {
                throw .refused(.notAllocated)
            }
            if !allocation.range.contains(part) { throw .refused(.pastAllocationEnd) }
            if allocation.range == part { return nil }
            try requireTables(for: part)
            let claimed = backing.claim(forReleasing: part, of: allocation)
            try claim(claimed, for: operation, &journal)
            return PartPlan(
                allocation: allocation, contents: map.contents(of: part), claimed: claimed)
        }
        guard let plan else { return false }
        do throws(KernelError) {
            try backing.prepareEdges(
                of: part, in: plan.allocation, claimed: plan.claimed)
            try discard(plan.contents)
        } catch {
            restore(part)
            withdraw(operation)
            throw refusal(of: error)
        }
        if plan.allocation.attributes.wasReset {
            PagesWithContents(directory: map.directory).removeAll(of: part)
        }
        let charged = plan.contents.committedPageCount
        record(operation, .reserved, of: part, returning: charged) { journal in
            map.free(part, &journal)
        }
        return true
    }
}
