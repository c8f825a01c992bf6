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
        let first = stretch(around: range.start)
        let last = stretch(around: range.end &- 1)
        if mayBeHuge(first, beyond: range) { HugePages.takeApart(at: range.start) }
        if last != first && mayBeHuge(last, beyond: range) {
            HugePages.takeApart(at: range.end &- 1)
        }
    }

    /// The pages that would be in one huge page with `page`.
    private func stretch(around page: UInt) -> PageRange {
        let start = page & ~(HugePages.pageCount &- 1)
        return PageRange(from: start, to: start &+ HugePages.pageCount)
    }

    /// Whether `stretch` may be one huge page of which `range` has a part. For that all of it must
    /// be committed; to look at the nearest and the farthest page on each side is enough.
    private func mayBeHuge(_ stretch: PageRange, beyond range: PageRange) -> Bool {
        if range.contains(stretch) { return false }
        return settled {
            (stretch.start >= range.start
                || isCommitted(stretch.start) && isCommitted(range.start &- 1))
                && (stretch.end <= range.end
                    || isCommitted(range.end) && isCommitted(stretch.end &- 1))
        }
    }

    private func isCommitted(_ page: UInt) -> Bool { map.state(of: page).isCommitted }

    /// Asks for huge pages in `range`, which is about to be committed, if that is the policy.
    @inline(__always)
    func askForHugePages(in range: PageRange) {
        if settings.hugePages == .wanted { ask(in: range) }
    }

    @inline(never)
    private func ask(in range: PageRange) {
        let mask = HugePages.pageCount &- 1
        let start = (range.start &+ mask) & ~mask
        let end = range.end & ~mask
        if start < end { HugePages.ask(for: PageRange(from: start, to: end)) }
    }
}
