// Reset: the system may drop the contents of pages; the pages stay committed. Undo: the contents must be kept
// again.
//
// The kernel does not tell a page whose contents it dropped from one that was never touched. So a reset notes
// which pages had contents. It needs to ask only for pages that are not noted yet.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    @inline(__always) var notedPages: NotedPages { NotedPages(directory: map.directory) }

    /// Lets the system drop the contents of `whole`.
    ///
    /// - Parameters:
    ///   - range: Every page that the caller's bytes touch; pages of one allocation.
    ///   - whole: Those pages that lie wholly inside the caller's bytes, and so may lose contents (behaviour
    ///     7.7); `nil` if there are none.
    /// - Throws: `.rangeConflicts` if the range is not inside one allocation, or is in a placeholder.
    /// - Complexity: One system call; three more for pages that had no contents at the last reset.
    package func reset(_ range: PageRange, whole: PageRange?) throws(MemoryError) {
        var allocation: Allocation?
        _ = try change(begin()) { way, journal throws(Setback) -> Claim? in
            let isNoted = whole.map { notedPages.containsAll(of: $0) } ?? true
            let found = try allocationAround(range)
            allocation = found
            noteReset(of: found, &journal)
            return Claim(pages: range, way: isNoted ? way : .long)
        } act: { claim, _ throws(Refusal) in
            guard let whole else { return }
            if claim.way == .long { noteContents(of: whole) }
            do throws(KernelError) {
                try PageContents.letGo(whole)
            } catch {
                // The kernel refuses for locked pages. Keeping contents is always allowed (behaviour 7.9).
            }
        } record: { _, _, journal in
            if let allocation { noteReset(of: allocation, &journal) }
            return .max
        }
    }

    func noteReset(of allocation: Allocation, _ journal: inout Journal) {
        map.setAttributes(allocation.attributes.afterReset, of: allocation, &journal)
    }

    @_optimize(size)
    func allocationAround(_ range: PageRange) throws(Setback) -> Allocation {
        guard let allocation = map.allocation(containing: range.start),
            allocation.range.contains(range), allocation.attributes.kind != .placeholder
        else { throw .refused(.rangeConflicts) }
        try requireAllTables(for: range)
        return allocation
    }

    /// Notes the committed pages of `range` that have contents.
    func noteContents(of range: PageRange) {
        forEachSettledRun(of: range) { run in
            if !run.state.isCommitted { return }
            NotedPages.forEachWord(of: run.range) { page, mask in
                if notedPages.word(at: page) & mask == mask { return }
                let first = page &+ UInt(mask.trailingZeroBitCount)
                let part = PageRange(from: first, to: first &+ UInt(mask.nonzeroBitCount))
                var present = UInt64.max
                do throws(KernelError) {
                    present = try PageContents.present(in: part) &<< (first &- page)
                } catch {
                    // Then every page counts as one with contents. Undo may then call a page lost that was
                    // never touched, but never calls a lost page kept.
                }
                notedPages.insert(present & mask, at: page)
            }
        }
    }

    /// Withdraws the permission of `reset`.
    ///
    /// - Parameter whole: The pages to keep; pages of one allocation.
    /// - Throws: `.contentsLost` if the kernel has dropped a page, or the library cannot find out; the other
    ///   pages are kept. `.rangeConflicts` in the same cases as for `reset`.
    /// - Complexity: Some microseconds for each page that was reset.
    @_optimize(size)
    package func undoReset(_ range: PageRange, whole: PageRange?) throws(MemoryError) {
        var areAllKept = true
        _ = try change(begin()) { _, _ throws(Setback) -> Claim? in
            _ = try allocationAround(range)
            return .long(range)
        } act: { _, _ throws(Refusal) in
            guard let whole else { return }
            forEachSettledRun(of: whole) { run in
                if !run.state.isCommitted { return }
                NotedPages.forEachWord(of: run.range) { page, mask in
                    if !keep(notedPages.word(at: page) & mask, of: page, run.state) {
                        areAllKept = false
                    }
                }
            }
        } record: { _, _, _ in
            .max
        }
        if !areAllKept { throw .contentsLost }
    }

    /// Makes the kernel keep noted pages, which are in `state`. A lost page is no longer noted afterwards.
    ///
    /// - Parameter noted: Bits of the 64 pages from `page` on.
    func keep(_ noted: UInt64, of page: UInt, _ state: PageState) -> Bool {
        var rest = noted
        var lost: UInt64 = 0
        while rest != 0 {
            let bit = rest & (0 &- rest)
            if !PageContents.keep(page &+ UInt(rest.trailingZeroBitCount), state.enforced) {
                lost |= bit
            }
            rest ^= bit
        }
        notedPages.remove(lost, at: page)
        return lost == 0
    }
}
