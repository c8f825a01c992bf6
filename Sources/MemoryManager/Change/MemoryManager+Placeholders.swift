// Placeholders (behaviour 10C): reserved addresses that are divided and joined, and replaced by memory, which
// can become a placeholder again. Dividing and joining change the map only. A replacement is one step for
// other threads: the addresses are never free in between.
//
// A view that replaces a placeholder will take the place of `commitFresh` in `replacePlaceholder`, and its end
// that of `discard` in `makePlaceholder`.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// Makes private memory out of a placeholder.
    ///
    /// - Parameter range: All pages of one placeholder.
    /// - Throws: `.rangeConflicts` if it is anything else; `.commitLimitReached`; `.outOfAddressSpace` at the
    ///   kernel's limit on mappings. Nothing is changed then.
    /// - Complexity: No system call, unless the pages are committed.
    @_optimize(size)
    package func replacePlaceholder(
        _ range: PageRange, _ protection: PageProtection, _ backed: CommitTiming
    ) throws(MemoryError) {
        let backing = backing
        var state = PageState.reserved
        if backed == .atOnce { state = .committed(protection.access, protection.guardState) }
        takeOverSignals(for: protection.guardState)
        let claim = try change(begin()) { way, journal throws(Setback) -> Claim? in
            if map.placeholder(range) == nil { throw .refused(.rangeConflicts) }
            // There are tables for both ends already.
            if state.isCommitted {
                if range.pageCount > settings.commitLimit { throw .refused(.commitLimitReached) }
                try requireAllTables(for: range)
            }
            if way == .short && isOneCall(replacing: range, as: state) {
                map.replacePlaceholder(range, by: protection, as: state, &journal)
                return .short(range)
            }
            return .long(state.isCommitted ? backing.claim(forCommitting: range) : range)
        } act: { claim, slot throws(Refusal) in
            if !state.isCommitted { return }
            try charge(range.pageCount, to: slot)
            if claim.way == .short {
                try Refusal.of { () throws(KernelError) in try backing.uncover(range) }
            } else {
                try commitFresh(range, state, claimed: claim.pages)
            }
        } record: { _, _, journal in
            map.replacePlaceholder(range, by: protection, as: state, &journal)
            return .max
        }
        map.history.note(.reserve, range)
        if claim?.way == .long { tidyIslandsAndAddresses() }
    }

    /// Whether the pages get `state` by at most one system call that can be repeated.
    @_optimize(size)
    private func isOneCall(replacing range: PageRange, as state: PageState) -> Bool {
        if !state.isCommitted { return true }
        return state == .committed(.readWrite) && map.isShort(range) && granules.areUsual(of: range)
    }

    /// Makes `part` a placeholder of its own: divides a placeholder, or gives back memory that has replaced
    /// one. What is left of the allocation stays as it is, as one allocation or as two.
    ///
    /// - Throws: `.notAllocated` if the first page is free; `.rangeConflicts` if the range leaves its
    ///   allocation, is a whole placeholder, or is memory that has not replaced one. Nothing is changed then.
    /// - Complexity: No system call for a placeholder.
    @_optimize(size)
    package func makePlaceholder(of part: PageRange) throws(MemoryError) {
        var wasReset = false
        var summary = AddressMap.RangeSummary()
        let claim = try change(begin()) { way, journal throws(Setback) -> Claim? in
            let attributes = try attributesOfDividable(around: part)
            wasReset = attributes.wasReset
            try requireTables(for: part)
            if way == .long || attributes.kind != .placeholder { return .long(part) }
            map.setPlaceholder(part, &journal)
            return .short(part)
        } act: { claim, slot throws(Refusal) in
            if claim.way == .short { return }
            summary = settledSummary(of: part)
            try Refusal.of { () throws(KernelError) in try discard(summary) }
            if wasReset { notedPages.removeAll(of: part) }
            returnCharge(of: summary.committedPageCount, from: slot)
        } record: { _, page, journal in
            let reached = recordOneRun(of: part, summary, from: page, &journal)
            if reached != .max { return reached }
            map.setPlaceholder(part, &journal)
            return .max
        }
        if claim?.way != .long { return }
        map.history.note(.decommit, part)
        tidyTables()
        tidyIslands()
    }

    /// The attributes of the allocation of which `part` can become a placeholder.
    @_optimize(size)
    private func attributesOfDividable(
        around part: PageRange
    ) throws(Setback) -> AllocationAttributes {
        guard let allocation = map.allocation(containing: part.start) else {
            throw .refused(.notAllocated)
        }
        let isDividable =
            allocation.attributes.kind == .placeholder
            ? allocation.range != part : allocation.attributes.hasReplacedPlaceholder
        if !isDividable || !allocation.range.contains(part) { throw .refused(.rangeConflicts) }
        return allocation.attributes
    }

    /// Makes one placeholder of several.
    ///
    /// - Parameter range: All pages of two or more placeholders.
    /// - Throws: `.rangeConflicts` if it is anything else; `.notAllocated` if the first page is free. Nothing is
    ///   changed then.
    /// - Complexity: No system call for a few placeholders.
    @_optimize(size)
    package func coalescePlaceholders(of range: PageRange) throws(MemoryError) {
        _ = try change(begin()) { way, journal throws(Setback) -> Claim? in
            if !map.areSeveralPlaceholders(range) {
                let isFree = map.state(of: range.start).isFree
                throw .refused(isFree ? .notAllocated : .rangeConflicts)
            }
            try requireTables(for: range)
            let isDrafted =
                way == .short && map.joinPlaceholders(of: range, from: 0, &journal) == .max
            return isDrafted ? .short(range) : .long(range)
        } act: { _, _ in
        } record: { _, page, journal in
            map.joinPlaceholders(of: range, from: page, &journal)
        }
        tidyTables()
    }
}
