// Reset: the system may drop contents, the pages stay committed. Undo: the program wants them back.
//
// A page that the kernel took and a page that was never touched look alike to the kernel, so a reset
// notes which pages had contents. It needs to look only at pages not noted before.

import AddressSpace
import LinuxKernel

/// What an undo found of the pages that it was to keep.
private enum Keeping {
    case whole
    case lost
    case refused(KernelError)

    /// Adds what was found of further pages: the worst counts.
    mutating func note(_ other: Keeping) {
        switch (self, other) {
        case (_, .whole), (.refused, _), (.lost, .lost): return
        default: self = other
        }
    }
}

extension MemoryManager {
    private var withContents: PagesWithContents { PagesWithContents(directory: map.directory) }

    /// Lets the system drop the contents of `whole`, pages wholly inside the caller's bytes.
    ///
    /// - Parameters:
    ///   - range: Every page that the caller's bytes touch; pages of one allocation.
    ///   - whole: Those among them that may lose contents (behaviour 7.7); `nil` if none.
    /// - Throws: `.rangeConflicts` if the range is not inside one allocation.
    /// - Complexity: One system call; three more for pages that had no contents at the last reset.
    package func reset(_ range: PageRange, whole: PageRange?) throws(MemoryError) {
        let operation = begin()
        try claimAllocated(range, operation) { allocation, journal in
            map.setAttributes(allocation.attributes.afterReset, of: allocation, &journal)
        }
        defer { withdraw(operation) }
        guard let whole else { return }
        if !withContents.containsAll(of: whole) { noteContents(of: whole) }
        do throws(KernelError) {
            try PageContents.letGo(whole)
        } catch {
            // Locked pages may not be dropped; keeping contents is always allowed (behaviour 7.9).
        }
    }

    private func noteContents(of range: PageRange) {
        PagesWithContents.forEachWord(of: range) { page, mask in
            if withContents.word(at: page) & mask == mask { return }
            var present = UInt64.max
            do throws(KernelError) { present = try PageContents.present(from: page) } catch {
                // Without /proc every page counts as one with contents: undo may then call a page
                // lost that was never touched, but never the other way round.
            }
            withContents.insert(present & mask, at: page)
        }
    }

    /// Takes the permission of `reset` back.
    ///
    /// - Parameter whole: The pages to keep; pages of one allocation.
    /// - Throws: `.contentsLost` if the kernel took a page, or it cannot be told; the others are kept
    ///   all the same. `.rangeConflicts` as for `reset`.
    @_optimize(size)
    package func undoReset(_ range: PageRange, whole: PageRange?) throws(MemoryError) {
        let operation = begin()
        try claimAllocated(range, operation) { allocation, journal in }
        defer { withdraw(operation) }
        guard let whole else { return }
        var result = Keeping.whole
        var page = whole.start
        while page < whole.end {
            let run = settledRun(from: page, to: whole.end)
            if run.state.isCommitted { result.note(keep(run.range, run.state)) }
            page = run.range.end
        }
        switch result {
        case .whole: return
        case .lost: throw .contentsLost
        case .refused(let error): throw refusal(of: error)
        }
    }

    @_optimize(size)
    private func claimAllocated(
        _ range: PageRange, _ operation: borrowing Operation,
        and note: (Allocation, inout Journal) -> Void
    ) throws(MemoryError) {
        try transact(operation) { journal throws(Setback) in
            guard let allocation = map.allocation(containing: range.start),
                allocation.range.contains(range)
            else { throw .refused(.rangeConflicts) }
            try requireAllTables(for: range)
            try claim(range, for: operation, &journal)
            note(allocation, &journal)
        }
    }

    /// Makes the kernel keep what is left of committed pages in `state`.
    ///
    @_optimize(size)
    private func keep(_ range: PageRange, _ state: PageState) -> Keeping {
        let isWritable =
            state.enforced.isEnforcedLike(.readWrite)
            || state.enforced.isEnforcedLike(.executeReadWrite)
        var result = Keeping.whole
        do throws(KernelError) {
            if !isWritable { try PageAccess.set(.readWrite, on: range) }
            PagesWithContents.forEachWord(of: range) { page, mask in
                result.note(keepWord(page, mask, in: range, state))
            }
            if !isWritable { try PageAccess.set(state.enforced, on: range) }
        } catch {
            restore(range)
            return .refused(error)
        }
        return result
    }

    /// While pages are pinned the kernel takes none of them, so that the look and the writing that
    /// makes them live again are about the same pages. Pinned 64 KiB at a time, which is the lowest
    /// limit on locked memory that systems are shipped with.
    private func keepWord(
        _ page: UInt, _ mask: UInt64, in range: PageRange, _ state: PageState
    ) -> Keeping {
        let end = min(page &+ 64, range.end)
        var start = max(page, range.start)
        var present: UInt64 = 0
        do throws(KernelError) {
            while start < end {
                let part = PageRange(from: start, to: min(start &+ 16, end))
                present |= try keepPart(part, state) &<< UInt64(truncatingIfNeeded: start &- page)
                start = part.end
            }
        } catch {
            return .refused(error)
        }
        let lost = withContents.word(at: page) & mask & ~present
        withContents.remove(lost, at: page)
        return lost == 0 ? .whole : .lost
    }

    /// - Returns: Which of at most 64 pages are there, and now kept; lowest bit first.
    private func keepPart(_ range: PageRange, _ state: PageState) throws(KernelError) -> UInt64 {
        if !state.isLocked { try PageContents.pin(range) }
        defer { if !state.isLocked { unpin(range) } }
        let mask = UInt64.max &>> UInt64(truncatingIfNeeded: 64 &- range.pageCount)
        let present = try PageContents.present(from: range.start) & mask
        var rest = present
        while rest != 0 {
            PageContents.rewrite(range.start &+ UInt(rest.trailingZeroBitCount))
            rest &= rest &- 1
        }
        return present
    }

    private func unpin(_ range: PageRange) {
        do throws(KernelError) { try PageContents.unlock(range) } catch {
            // Unlocking can only fail where cutting a mapping would; the pages then stay in RAM.
        }
    }
}
