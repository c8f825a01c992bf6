// The invariants of AddressMap.swift, checked by walking the whole map. For tests and debug builds.

extension AddressMap {
    /// The first broken invariant by number, or `nil`. Call while nothing else runs.
    package func brokenInvariant() -> String? {
        var page: UInt = 0
        var committed: UInt = 0
        var previous: Run?
        var isGapLost = false
        var unownedEndCount = 0
        var isUnownedEndWrong = false
        while page < Page.endOfMap {
            let extent = extent(containing: page)
            if allocations.contains(extent.range.start) && !runs.contains(extent.range.start) {
                return "I1"
            }
            if let previous, previous.state.isFree, previous.state == extent.state { return "I4" }
            if extent.state == .available && !isInItsGapSet(extent.range) { isGapLost = true }
            if extent.state == .unowned { unownedEndCount += 1 }
            if (extent.state == .unowned) != isUnownedEnd(extent.range.end) {
                isUnownedEndWrong = true
            }
            if let broken = brokenInvariant(in: extent, committed: &committed) { return broken }
            previous = extent
            page = extent.range.end
        }
        if committed != charge.pageCount { return "I7" }
        if isGapLost || !isEverySetOfGaps { return "I9" }
        if isUnownedEndWrong || unownedEndCount != countOfUnownedEnds { return "I10" }
        return isEveryLastStateKept ? nil : "I11"
    }

    /// The first of I1 to I5 that is broken in `range` or next to it. A long range is checked only near its
    /// start. While other threads run, the result counts only if no transaction came in between.
    package func brokenInvariant(around range: PageRange) -> String? {
        var page = max(range.start, 1) &- 1
        var ignored: UInt = 0
        var previous: Run?
        for _ in 0..<AddressMap.mostObjectsChecked where page <= range.end && page < Page.endOfMap {
            let extent = extent(containing: page)
            if allocations.contains(extent.range.start) && !runs.contains(extent.range.start) {
                return "I1"
            }
            if let previous, previous.state.isFree, previous.state == extent.state { return "I4" }
            if extent.range.pageCount <= AddressMap.mostPagesChecked,
                let broken = brokenInvariant(in: extent, committed: &ignored)
            {
                return broken
            }
            previous = extent
            page = max(extent.range.end, page &+ 1)
        }
        return nil
    }

    private static var mostObjectsChecked: Int { 8 }
    private static var mostPagesChecked: UInt { 4096 }

    /// The end of the map counts as an unowned end if the last page is free.
    private func isUnownedEnd(_ page: UInt) -> Bool {
        page < Page.endOfMap ? unownedEnds.contains(page) : state(of: page &- 1) == .unowned
    }

    private var countOfUnownedEnds: Int {
        var count = isUnownedEnd(Page.endOfMap) ? 1 : 0
        var page = unownedEnds.next(from: 0)
        while page < Page.endOfMap {
            count += 1
            page = unownedEnds.next(from: page &+ 1)
        }
        return count
    }

    private var isEveryLastStateKept: Bool {
        var page: UInt = 0
        while page < Page.endOfMap {
            let run = run(containing: page)
            page = run.range.end
            if page < Page.endOfMap && state(before: page) != run.state { return false }
        }
        return true
    }

    private func isInItsGapSet(_ gap: PageRange) -> Bool {
        guard let sizeClass = GapSets.sizeClass(ofGapFrom: gap.start, to: gap.end) else {
            // No set has this gap; another gap may end in the granule.
            return true
        }
        let page = gap.end & ~(Page.perGranule &- 1)
        for other in 0..<GapSets.classCount
        where gaps[other].contains(page) != (other == sizeClass) { return false }
        return true
    }

    /// Whether the sets have as many members as there are gaps, and every member is found on all levels.
    private var isEverySetOfGaps: Bool {
        var count = 0
        for sizeClass in 0..<GapSets.classCount {
            let set = gaps[sizeClass]
            if set.isEmpty { continue }
            var page = set.first
            if page >= Page.endOfMap { return false }
            while page < Page.endOfMap {
                if !set.contains(page) { return false }
                count += 1
                page = set.next(from: page &+ 1)
            }
        }
        return count == countOfGaps
    }

    private var countOfGaps: Int {
        var count = 0
        var page: UInt = 0
        while page < Page.endOfMap {
            let extent = extent(containing: page)
            let gap = extent.range
            if extent.state == .available,
                GapSets.sizeClass(ofGapFrom: gap.start, to: gap.end) != nil
            {
                count += 1
            }
            page = gap.end
        }
        return count
    }

    private func brokenInvariant(in extent: Run, committed: inout UInt) -> String? {
        var page = extent.range.start
        var previous: PageState?
        let isPlaceholder =
            allocation(containing: page).map { $0.attributes.kind == .placeholder } ?? false
        while page < extent.range.end {
            let run = run(containing: page)
            if run.range.start != page || run.range.end > extent.range.end { return "I2" }
            if run.state.isFree != extent.state.isFree { return "I3" }
            if run.state.isFree && run.range != extent.range { return "I3" }
            if run.state == previous { return "I5" }
            if (run.state == .placeholder) != isPlaceholder { return "I12" }
            if run.state.isCommitted { committed &+= run.range.pageCount }
            previous = run.state
            page = run.range.end
        }
        return nil
    }
}
