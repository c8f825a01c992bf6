// Discard, offer, reclaim: pages whose contents the program can do without.
//
// An offered page is inaccessible, so nothing can make its contents valid again while it is offered. As for a
// reset, the pages with contents are noted; reclaiming finds out which of them the kernel has dropped.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// Drops the contents of read-write pages, which stay committed.
    ///
    /// - Parameter range: Pages of one allocation.
    /// - Throws: `.rangeConflicts` if the range is not inside one allocation; `.notCommitted`;
    ///   `.invalidParameter` if a page has another protection (behaviour 7.14). Nothing is changed then.
    /// - Complexity: One system call.
    package func discard(_ range: PageRange) throws(MemoryError) {
        _ = try change(begin()) { _, _ throws(Setback) -> Claim? in
            _ = try allocationAround(range)
            return .long(range)
        } act: { _, _ throws(Refusal) in
            try requireReadWrite(range) { $0 == .committed(.readWrite) }
            takeApartHugePages(at: range)
            do throws(KernelError) {
                try PageContents.drop(range)
                notedPages.removeAll(of: range)
            } catch {
                // The kernel refuses for locked pages. Keeping contents is always allowed.
            }
        } record: { _, _, _ in
            .max
        }
    }

    /// Makes read-write pages inaccessible and lets the system drop their contents until they are reclaimed.
    /// Unlocks them.
    ///
    /// - Parameter range: Pages of one allocation. Some may be offered already (A12.33).
    /// - Throws: The same errors; `.outOfAddressSpace` at the kernel's limit on mappings.
    /// - Complexity: Two system calls; three more for pages that are not noted yet.
    package func offer(_ range: PageRange) throws(MemoryError) {
        var allocation: Allocation?
        _ = try change(begin()) { _, _ throws(Setback) -> Claim? in
            allocation = try allocationAround(range)
            return .long(rangeToSettle(around: range))
        } act: { claim, _ throws(Refusal) in
            try requireReadWrite(range) { $0 == .committed(.readWrite) || $0 == .offered }
            noteContents(of: range)
            _ = try protectThoroughly(range, .offered, claim.pages)
            do throws(KernelError) { try PageContents.letGo(range) } catch {
                // Keeping contents is always allowed.
            }
        } record: { _, page, journal in
            if let allocation { noteReset(of: allocation, &journal) }
            return record(.offered, of: range, from: page, &journal)
        }
    }

    /// Makes offered pages accessible again. Pages that are not offered stay as they are.
    ///
    /// - Parameter range: Committed pages of one allocation.
    /// - Returns: False if the kernel has dropped contents, or the library cannot find out.
    /// - Throws: `.rangeConflicts`, `.notCommitted` and `.outOfAddressSpace` as above.
    /// - Complexity: Some system calls, and some microseconds for each page that had contents.
    package func reclaim(_ range: PageRange) throws(MemoryError) -> Bool {
        var areAllKept = true
        _ = try change(begin()) { _, _ throws(Setback) -> Claim? in
            _ = try allocationAround(range)
            return .long(rangeToSettle(around: range))
        } act: { _, _ throws(Refusal) in
            areAllKept = true
            try forEachSettledRun(of: range) { run throws(Refusal) in
                if !run.state.isCommitted { throw .memory(.notCommitted) }
            }
            try openOffered(range)
            forEachSettledRun(of: range) { run in
                if run.state == .offered && !keepAll(of: run.range) { areAllKept = false }
            }
        } record: { _, page, journal in
            recordEach(of: range, from: page, &journal) {
                $0 == .offered ? .committed(.readWrite) : $0
            }
        }
        return areAllKept
    }

    private func openOffered(_ range: PageRange) throws(Refusal) {
        try Refusal.of { () throws(KernelError) in
            let isBallastOut = try granules.leavesRoom()
            defer { if isBallastOut { islands.ballast.takeUp() } }
            try forEachSettledRun(of: range) { run throws(KernelError) in
                if run.state != .offered { return }
                try granules.enforce(.committed(.readWrite), on: run.range)
            }
        }
    }

    /// - Returns: False if noted pages of `range` are lost.
    private func keepAll(of range: PageRange) -> Bool {
        var areAllKept = true
        NotedPages.forEachWord(of: range) { page, mask in
            if !keep(notedPages.word(at: page) & mask, of: page, .committed(.readWrite)) {
                areAllKept = false
            }
        }
        return areAllKept
    }

    private func requireReadWrite(
        _ range: PageRange, _ isRight: (PageState) -> Bool
    ) throws(Refusal) {
        try forEachSettledRun(of: range) { run throws(Refusal) in
            if !run.state.isCommitted { throw .memory(.notCommitted) }
            if !isRight(run.state.unlocked) { throw .memory(.invalidParameter) }
        }
    }

    /// The pages to claim, so that unsettled granules of `range` can be put in order.
    private func rangeToSettle(around range: PageRange) -> PageRange {
        granules.unsettled.containsAny(of: range) ? granules.granulesOfOurs(around: range) : range
    }
}
