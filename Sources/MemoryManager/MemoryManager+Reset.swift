// Reset: the system may drop contents, the pages stay committed. Undo: the program wants them back.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// Lets the system drop the contents of `whole`, pages wholly inside the caller's bytes.
    ///
    /// - Parameters:
    ///   - range: Every page that the caller's bytes touch; pages of one allocation.
    ///   - whole: Those among them that may lose contents (behaviour 7.7); `nil` if none.
    /// - Throws: `.rangeConflicts` if the range is not inside one allocation.
    package func reset(_ range: PageRange, whole: PageRange?) throws(MemoryError) {
        let operation = begin()
        try claimAllocated(range, operation)
        defer { withdraw(operation) }
        guard let whole else { return }
        do throws(KernelError) {
            try PageContents.letGo(whole)
        } catch {
            // Locked pages may not be dropped; keeping contents is always allowed (behaviour 7.9).
        }
    }

    /// Takes the permission of `reset` back.
    ///
    /// - Parameter whole: The pages to keep; pages of one allocation.
    /// - Throws: `.contentsLost` if at least one page holds nothing: the kernel took it, or it was
    ///   never touched, which cannot be told apart. `.rangeConflicts` as for `reset`.
    package func undoReset(_ range: PageRange, whole: PageRange?) throws(MemoryError) {
        let operation = begin()
        try claimAllocated(range, operation)
        defer { withdraw(operation) }
        guard let whole else { return }
        var isLost = false
        var page = whole.start
        while page < whole.end {
            let run = map.run(containing: page)
            let part = PageRange(from: page, to: max(min(run.range.end, whole.end), page &+ 1))
            if run.state.isCommitted && !keep(part, run.state) { isLost = true }
            page = part.end
        }
        if isLost { throw .contentsLost }
    }

    private func claimAllocated(
        _ range: PageRange, _ operation: borrowing Operation
    ) throws(MemoryError) {
        try transact(operation) { journal throws(Setback) in
            guard let allocation = map.allocation(containing: range.start),
                allocation.range.contains(range)
            else { throw .refused(.rangeConflicts) }
            try claim(range, for: operation, &journal)
        }
    }

    /// Pages pinned at a time, below the usual limit on locked memory.
    private static var pinnedPageCount: UInt { 512 }

    /// Makes the kernel keep what is left of committed pages.
    ///
    /// - Returns: False if any is gone, or it cannot be told.
    private func keep(_ range: PageRange, _ state: PageState) -> Bool {
        var isWhole = true
        var page = range.start
        while page < range.end {
            let end = min(page &+ MemoryManager.pinnedPageCount, range.end)
            let part = PageRange(from: page, to: end)
            do throws(KernelError) {
                if try !keepPinned(part, state) { isWhole = false }
            } catch {
                isWhole = false
            }
            page = end
        }
        return isWhole
    }

    /// While pages are pinned the kernel takes none of them, so that the look and the writing that
    /// makes them live again are about the same pages.
    private func keepPinned(_ range: PageRange, _ state: PageState) throws(KernelError) -> Bool {
        let isWritable = state.enforced.isEnforcedLike(.readWrite)
            || state.enforced.isEnforcedLike(.executeReadWrite)
        if !state.isLocked { try PageContents.pin(range) }
        defer { if !state.isLocked { unpin(range) } }
        if try PageContents.absentPageCount(in: range) > 0 { return false }
        if !isWritable { try PageAccess.set(.readWrite, on: range) }
        PageContents.rewrite(range)
        if !isWritable { try PageAccess.set(state.enforced, on: range) }
        return true
    }

    private func unpin(_ range: PageRange) {
        do throws(KernelError) { try PageContents.unlock(range) } catch {
            // Unlocking can only fail where cutting a mapping would; the pages then stay in RAM.
        }
    }
}
