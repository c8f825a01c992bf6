// Huge pages of the kernel's: asked for where the environment says so; and taken apart when pages of
// them are given back, since the system gets nothing back of one that is whole.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// Gives the contents of committed pages back to the kernel; every access faults from then on.
    ///
    /// - Parameter summary: What pages under the caller's claim hold.
    /// - Throws: The kernel's refusal. Pages may then be left accessible; `restore` mends that.
    func discard(_ summary: AddressMap.RangeSummary) throws(KernelError) {
        guard let hull = summary.committedHull else { return }
        if summary.hasLockedPages { unlockAnyway(hull) }
        takeApartHugePages(at: hull)
        try granules.discard(hull, summary)
    }

    /// What frees cannot be refused; the calls that follow unlock as well.
    private func unlockAnyway(_ range: PageRange) {
        do throws(KernelError) { try PageContents.unlock(range) } catch {}
    }

    /// Takes huge pages apart that reach beyond `range`, whose first and last page are committed.
    @inline(__always)
    func takeApartHugePages(at range: PageRange) {
        if settings.hugePages != .none { takeApart(around: range) }
    }

    @inline(never)
    private func takeApart(around range: PageRange) {
        settings.findHugePages()
        if settings.hugePages == .none { return }
        let mask = HugePages.pageCount &- 1
        let (start, end) = (range.start, range.end)
        if mayLieAcross(start, nearest: start &- 1, farthest: start & ~mask) {
            HugePages.takeApart(at: start)
        }
        if mayLieAcross(end, nearest: end, farthest: end | mask) {
            HugePages.takeApart(at: end &- 1)
        }
    }

    /// Whether a huge page may have pages on both sides of an edge of a range. All of it is committed.
    ///
    /// - Parameters:
    ///   - edge: The first page behind it.
    ///   - nearest: Beyond the range.
    ///   - farthest: There too, of a huge page of 2 MiB.
    @inline(never)
    private func mayLieAcross(_ edge: UInt, nearest: UInt, farthest: UInt) -> Bool {
        if edge & (HugePages.pageCount &- 1) == 0 { return false }
        let isBetweenSmaller = edge & (max(settings.smallerHugePageCount, 1) &- 1) == 0
        return settled {
            isCommitted(nearest) && (!isBetweenSmaller || isCommitted(farthest))
        }
    }

    private func isCommitted(_ page: UInt) -> Bool { map.state(of: page).isCommitted }

    /// Asks for huge pages in what is about to be committed, if that is the policy.
    ///
    /// - Parameter claimed: `Backing.claim(forCommitting:in:)` of it.
    @inline(__always)
    func askForHugePages(in claimed: PageRange) {
        if settings.hugePages == .wanted { ask(in: claimed) }
    }

    @inline(never)
    private func ask(in claimed: PageRange) {
        // What is prepared has been asked for.
        if settings.backing == .guarded && backing.isReady(forCommitting: claimed) { return }
        let mask = Page.perGranule &- 1
        let start = (claimed.start &+ mask) & ~mask
        let end = claimed.end & ~mask
        if start < end { HugePages.ask(for: PageRange(from: start, to: end)) }
    }
}
