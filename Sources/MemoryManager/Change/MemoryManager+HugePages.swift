// Transparent huge pages. They are asked for if the environment says so. They are split when some of their
// pages are given back, because the memory of an unsplit huge page does not go back to the system.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// Gives the contents of committed pages back to the kernel. Every access to them faults from then on.
    ///
    /// - Parameter summary: The summary of pages under the caller's claim.
    /// - Throws: The kernel's refusal. Some pages may then be inaccessible and others not; `restore` repairs
    ///   that.
    func discard(_ summary: AddressMap.RangeSummary) throws(KernelError) {
        guard let hull = summary.committedHull else { return }
        if summary.hasLockedPages { unlockAnyway(hull) }
        takeApartHugePages(at: hull)
        try granules.discard(hull, summary)
    }

    /// A refusal is ignored: freeing memory must not fail, and the calls that follow unlock the pages too.
    private func unlockAnyway(_ range: PageRange) {
        do throws(KernelError) { try granules.unlock(range) } catch {}
    }

    /// Splits huge pages that reach beyond `range`, whose first and last page are committed.
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

    /// Whether a huge page may have pages on both sides of an edge of a range. All pages of a huge page are
    /// committed.
    ///
    /// - Parameters:
    ///   - edge: The first page behind the edge.
    ///   - nearest: The page next to the edge that is outside the range.
    ///   - farthest: The farthest page outside the range that a huge page of 2 MiB across the edge would
    ///     have.
    @inline(never)
    private func mayLieAcross(_ edge: UInt, nearest: UInt, farthest: UInt) -> Bool {
        if edge & (HugePages.pageCount &- 1) == 0 { return false }
        let isBetweenSmaller = edge & (max(settings.smallerHugePageCount, 1) &- 1) == 0
        return settled {
            isCommitted(nearest) && (!isBetweenSmaller || isCommitted(farthest))
        }
    }

    private func isCommitted(_ page: UInt) -> Bool { map.state(of: page).isCommitted }

    /// Asks for huge pages for pages that are about to be committed, if that is the policy.
    ///
    /// - Parameter claimed: The result of `Backing.claim(forCommitting:in:)` for these pages.
    @inline(__always)
    func askForHugePages(in claimed: PageRange) {
        if settings.hugePages == .wanted { ask(in: claimed) }
    }

    @inline(never)
    private func ask(in claimed: PageRange) {
        // For prepared granules the library has asked already.
        if settings.backing == .guarded && granules.areUsual(of: claimed) { return }
        let mask = Page.perGranule &- 1
        let start = (claimed.start &+ mask) & ~mask
        let end = claimed.end & ~mask
        if start < end { HugePages.ask(for: PageRange(from: start, to: end)) }
    }
}
