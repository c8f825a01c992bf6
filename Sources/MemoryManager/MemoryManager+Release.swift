// Release: a whole allocation becomes free, whatever its pages hold.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    private struct ReleasePlan {
        let allocation: Allocation
        let contents: AddressMap.Contents
        let isDone: Bool
    }

    /// Releases the allocation whose first page is `page`.
    ///
    /// - Throws: `.notAllocated` if the page is free; `.notAtBase` if it is another page of the
    ///   allocation. Nothing is changed then.
    /// - Complexity: No system call if nothing in it is committed and it lies in an arena.
    package func release(allocationBasedAt page: UInt) throws(MemoryError) {
        if vacateLarge(allocationBasedAt: page) { return }
        let operation = begin()
        let plan = try transact(operation) { journal throws(Setback) in
            let (allocation, contents) = try wholeAllocation(basedAt: page)
            try requireTables(for: allocation.range)
            return try planRelease(of: allocation, contents, operation, &journal)
        }
        if plan.isDone { return }
        do throws(KernelError) {
            try giveBack(plan)
        } catch {
            restore(plan.allocation.range)
            withdraw(operation)
            throw refusal(of: error)
        }
        recordRelease(of: plan, operation)
        if plan.allocation.attributes.wasCommittedAtOnce {
            completeGranule(behind: plan.allocation.range)
        }
    }

    private func wholeAllocation(
        basedAt page: UInt
    ) throws(Setback) -> (Allocation, AddressMap.Contents) {
        if let found = map.allocationOfOneRun(basedAt: page) { return found }
        guard let allocation = map.allocation(containing: page) else {
            throw .refused(.notAllocated)
        }
        if allocation.range.start != page { throw .refused(.notAtBase) }
        return (allocation, map.contents(of: allocation.range))
    }

    private func planRelease(
        of allocation: Allocation, _ contents: AddressMap.Contents,
        _ operation: borrowing Operation, _ journal: inout Journal
    ) throws(Setback) -> ReleasePlan {
        let range = allocation.range
        let isBookkeepingOnly =
            contents.committedPageCount == 0 && allocation.attributes.placement == .arena
            && !allocation.attributes.wasReset
        if isBookkeepingOnly {
            try requireUnclaimed(range, by: operation)
            map.setFree(range, to: .available, &journal)
        } else {
            try claim(range, for: operation, &journal)
        }
        return ReleasePlan(
            allocation: allocation, contents: contents, isDone: isBookkeepingOnly)
    }

    private func giveBack(_ plan: ReleasePlan) throws(KernelError) {
        switch plan.allocation.attributes.placement {
        case .arena: try discard(plan.contents)
        case .ownMapping:
            try Mapping.release(plan.allocation.range)
            if let granules = granules(onlyOf: plan.allocation.range) {
                backing.prepared.remove(granules)
            }
        }
    }

    /// `range` without the granules at its ends that hold other pages of ours: parts that were left of
    /// a reservation, which count on their granule being prepared.
    private func granules(onlyOf range: PageRange) -> PageRange? {
        let mask = Page.perGranule &- 1
        let start = range.start & ~mask
        let end = (range.end &+ mask) & ~mask
        let isAloneAtStart =
            start == range.start
            || settled { map.freeState(of: PageRange(from: start, to: range.start)) } == .free
        let isAloneAtEnd =
            end == range.end
            || settled { map.freeState(of: PageRange(from: range.end, to: end)) } == .free
        let first = isAloneAtStart ? range.start : start &+ Page.perGranule
        let last = isAloneAtEnd ? range.end : end &- Page.perGranule
        return first < last ? PageRange(from: first, to: last) : nil
    }

    private func recordRelease(of plan: ReleasePlan, _ operation: borrowing Operation) {
        let range = plan.allocation.range
        let charged = plan.contents.committedPageCount
        if plan.allocation.attributes.wasReset {
            PagesWithContents(directory: map.directory).removeAll(of: range)
        }
        // Looked at once the pages are free.
        defer { if plan.allocation.attributes.wasReset { map.memory.noteIdle(range) } }
        let state: PageState =
            plan.allocation.attributes.placement == .arena ? .available : .free
        if plan.contents.isOneRun {
            record(operation) { map.setFree(range, to: state, &$0) }
            map.charge.remove(charged)
            withdraw(operation)
        } else {
            record(operation, .reserved, of: range, returning: charged) {
                map.setFree(range, to: state, &$0)
            }
        }
    }
}
