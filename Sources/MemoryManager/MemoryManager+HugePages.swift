// Huge pages of the kernel's: asked for where the environment says so; and taken apart when pages of
// them are given back, since the system gets nothing back of one that is whole.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// Gives the contents of committed pages back to the kernel; every access faults from then on.
    ///
    /// - Parameter contents: What pages under the caller's claim hold.
    /// - Throws: The kernel's refusal. Pages may then be left accessible; `restore` mends that.
    func discard(_ contents: AddressMap.Contents) throws(KernelError) {
        guard let hull = contents.committedHull else { return }
        if contents.hasLockedPages { try PageContents.unlock(hull) }
        takeApartHugePages(at: hull)
        try backing.discard(hull, contents)
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
        if mayReach(below: range) { HugePages.takeApart(at: range.start) }
        if mayReach(above: range) { HugePages.takeApart(at: range.end &- 1) }
    }

    /// Whether a huge page may begin below `range` and end in it. All of one is committed.
    private func mayReach(below range: PageRange) -> Bool {
        let largest = range.start & ~(HugePages.pageCount &- 1)
        let smaller = range.start & ~(max(settings.smallerHugePageCount, 1) &- 1)
        return settled {
            largest < range.start && isCommitted(range.start &- 1)
                && (smaller < range.start || isCommitted(largest))
        }
    }

    /// Whether one may begin in `range` and end above it.
    private func mayReach(above range: PageRange) -> Bool {
        let largest = (range.end &- 1 | (HugePages.pageCount &- 1)) &+ 1
        let smaller = (range.end &- 1 | (max(settings.smallerHugePageCount, 1) &- 1)) &+ 1
        return settled {
            range.end < largest && isCommitted(range.end)
                && (range.end < smaller || isCommitted(largest &- 1))
        }
    }

    private func isCommitted(_ page: UInt) -> Bool { map.state(of: page).isCommitted }

    /// Asks for huge pages in what is about to be committed, if that is the policy.
    ///
    /// - Parameter claimed: `PageBacking.claim(forCommitting:in:)` of it.
    @inline(__always)
    func askForHugePages(in claimed: PageRange) {
        if settings.hugePages == .wanted { ask(in: claimed) }
    }

    @inline(never)
    private func ask(in claimed: PageRange) {
        // What is prepared has been asked for.
        if backing.kind == .guarded && backing.isReady(forCommitting: claimed) { return }
        let mask = Page.perGranule &- 1
        let start = (claimed.start &+ mask) & ~mask
        let end = claimed.end & ~mask
        if start < end { HugePages.ask(for: PageRange(from: start, to: end)) }
    }
}
