// Release of a part: some pages of an allocation become free, the others stay as they are
// (behaviour 4.31 to 4.34). Only the NT interface offers it.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// Releases the pages of `part`. The rest of the allocation above them becomes an allocation of its own.
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
        var found: Allocation?
        var summary = AddressMap.RangeSummary()
        let claim = try change(begin()) { _, _ throws(Setback) -> Claim? in
            found = map.allocation(containing: part.start)
            guard let allocation = found else { throw .refused(.notAllocated) }
            if !allocation.range.contains(part) { throw .refused(.pastAllocationEnd) }
            if allocation.range == part { return nil }
            try requireTables(for: part)
            return .long(granules.granulesOfOurs(around: part))
        } act: { claim, slot throws(Refusal) in
            guard let allocation = found else { return }
            summary = settledSummary(of: part)
            try Refusal.of { () throws(KernelError) in try discard(summary) }
            backing.prepareEdges(of: part, in: allocation, claimed: claim.pages)
            if allocation.attributes.wasReset { notedPages.removeAll(of: part) }
            returnCharge(of: summary.committedPageCount, from: slot)
        } record: { _, page, journal in
            let reached = recordOneRun(of: part, summary, from: page, &journal)
            if reached != .max { return reached }
            map.free(part, &journal)
            return .max
        }
        if claim == nil { return false }
        map.history.note(.release, part)
        tidyTables()
        tidyIslands()
        return true
    }
}
