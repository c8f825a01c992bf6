// Decommit: committed pages become reserved; their memory goes back to the system at once.

import AddressSpace
import LinuxKernel

/// Which pages of an allocation the caller names.
private enum PagesToDecommit {
    case part(PageRange)
    /// All of the allocation that begins at the page.
    case whole(UInt)

    var firstPage: UInt {
        switch self {
        case .part(let range): range.start
        case .whole(let page): page
        }
    }
}

extension MemoryManager {
    /// Decommits every page of `range`; some of them may be reserved only.
    ///
    /// - Throws: `.notAllocated` if the first page is free; `.pastAllocationEnd` if the range leaves
    ///   its allocation. Nothing is changed then.
    /// - Complexity: Mostly one system call; none if no page was committed.
    @inline(never)
    package func decommit(_ range: PageRange) throws(MemoryError) {
        let backing = backing
        let claim = try changeInLine(beginInLine()) { way, journal throws(Setback) -> Claim? in
            guard way == .short, map.fastState(of: range) == .committed(.readWrite) else {
                return nil
            }
            map.setState(.reserved, of: range, from: .committed(.readWrite), &journal)
            return .short(range)
        } act: { _, slot throws(Refusal) in
            takeApartHugePages(at: range)
            try Refusal.of { () throws(KernelError) in try backing.cover(range) }
            // Under the claim, because a reset notes pages without a transaction.
            if !notedPages.hasNone(nearby: range) { notedPages.removeAll(of: range) }
            returnCharge(of: range.pageCount, from: slot)
        } record: { _, page, journal in
            record(.reserved, of: range, from: page, &journal)
        }
        if claim == nil { return try decommitThoroughly(.part(range)) }
        map.history.note(.decommit, range)
        tidyTables()
    }

    /// Decommits the whole allocation whose first page is `page`.
    ///
    /// - Throws: `.notAllocated` if the page is free; `.notAtBase` if it is not the first page of its
    ///   allocation.
    package func decommit(allocationBasedAt page: UInt) throws(MemoryError) {
        try decommitThoroughly(.whole(page))
    }

    @inline(never)
    @_optimize(size)
    private func decommitThoroughly(_ pages: PagesToDecommit) throws(MemoryError) {
        var wasReset = false
        var isAnyCommitted = false
        let claim = try change(begin()) { _, _ throws(Setback) -> Claim? in
            guard let allocation = map.allocation(containing: pages.firstPage) else {
                throw .refused(.notAllocated)
            }
            wasReset = allocation.attributes.wasReset
            let range = try range(of: pages, in: allocation.range)
            try requireTables(for: range)
            return .long(range)
        } act: { claim, slot throws(Refusal) in
            let summary = settledSummary(of: claim.pages)
            isAnyCommitted = summary.committedPageCount > 0
            try Refusal.of { () throws(KernelError) in try discard(summary) }
            if wasReset { notedPages.removeAll(of: claim.pages) }
            returnCharge(of: summary.committedPageCount, from: slot)
        } record: { claim, page, journal in
            isAnyCommitted ? record(.reserved, of: claim.pages, from: page, &journal) : .max
        }
        guard let claim else { return }
        map.history.note(.decommit, claim.pages)
        tidyTables()
        tidyIslands()
    }

    private func range(of pages: PagesToDecommit, in allocation: PageRange) throws(Setback)
        -> PageRange
    {
        switch pages {
        case .part(let range):
            if !allocation.contains(range) { throw .refused(.pastAllocationEnd) }
            return range
        case .whole(let page):
            if allocation.start != page { throw .refused(.notAtBase) }
            return allocation
        }
    }
}
