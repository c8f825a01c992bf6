// Committing: reserved pages become accessible, committed ones change what they allow.

import AddressSpace
import LinuxKernel

extension PageBacking {
    /// Makes the pages of `range` accessible as `access` says.
    ///
    /// - Parameters:
    ///   - claimed: `claim(forCommitting:in:)` of the range.
    ///   - summary: What the range holds now.
    /// - Throws: The kernel's refusal. Pages may then be left as they are to be; `restore` mends that.
    func commit(
        _ range: PageRange, as access: Protection, claimed: PageRange,
        over summary: AddressMap.RangeSummary
    ) throws(KernelError) {
        if unsettled.containsAny(of: claimed) { try settleGranules(of: claimed) }
        let isBallastOut = mayNeedMapping(range, access) ? try leavesRoom() : false
        defer { if isBallastOut { islands.ballast.takeUp() } }
        if kind == .mapped && summary.committedPageCount == 0
            && isGapToJoin(from: claimed.start, to: range.start)
        {
            try commitJoined(range, as: access, from: claimed.start)
        } else if kind == .mapped && !prepared.containsAny(of: range) {
            try setAccess(access, on: range)
        } else {
            try commitMarked(range, as: access, claimed: claimed, over: summary)
        }
        if access.isEnforcedLike(.readWrite) { populate(range) }
    }

    private func mayNeedMapping(_ range: PageRange, _ access: Protection) -> Bool {
        let first = range.start / Page.perGranule
        let end = (range.end &+ Page.perGranule &- 1) / Page.perGranule
        return !access.isEnforcedLike(.readWrite) || !prepared.contains(first)
            || prepared.endOfRun(from: first, to: end) < end
    }

    /// The last mappings are for the rest of the program, and for giving memory back. So, once the
    /// ballast was given up, nothing is done that may need one until there are some again.
    ///
    /// - Returns: True if the ballast is to be taken up again afterwards.
    func leavesRoom() throws(KernelError) -> Bool {
        if islands.ballast.isHeld { return false }
        if !islands.ballast.isThereRoom() { throw .outOfMemory }
        return true
    }

    /// Whether nothing is committed between two pages, and what is before them is readable and writable.
    private func isGapToJoin(from start: UInt, to end: UInt) -> Bool {
        if start >= end || start == 0 { return false }
        let gap = map.settledRun(from: start, to: end, sequencer)
        let before = map.settledRun(from: start &- 1, to: start, sequencer)
        return gap.range.end == end && !gap.state.isFree && !gap.state.isCommitted
            && before.state == .committed(.readWrite)
    }

    /// At the limit on mappings, on the mapped backing: joins pages to committed ones below them, by
    /// markers on what lies between.
    private func commitJoined(
        _ range: PageRange, as access: Protection, from start: UInt
    ) throws(KernelError) {
        let run = PageRange(from: start, to: range.end)
        try mark(run)
        noteUnsettled(run)
        try PageAccess.set(.readWrite, on: run)
        if !access.isEnforcedLike(.readWrite) { try PageAccess.set(access, on: range) }
        try GuardMarkers.remove(from: range)
        // Pages of these granules may have markers from now on, and need not.
        unsettled.remove(run)
    }

    private func commitMarked(
        _ range: PageRange, as access: Protection, claimed: PageRange,
        over summary: AddressMap.RangeSummary
    ) throws(KernelError) {
        let isReadWrite = access.isEnforcedLike(.readWrite)
        if kind == .guarded, !isReadWrite, try prepareWhole(range, claimed, as: access) { return }
        // What is to be anything but readable and writable stays marked until its mapping is right.
        let opened = kind == .guarded ? try prepare(claimed, opening: isReadWrite ? range : nil) : 0
        let wasReadWrite =
            kind == .guarded
            && (summary.committedPageCount == 0
                || summary.commonEnforced?.isEnforcedLike(.readWrite) == true)
        if !isReadWrite || !wasReadWrite { try setAccess(access, on: range) }
        if opened < range.pageCount { try GuardMarkers.remove(from: range) }
    }
}
