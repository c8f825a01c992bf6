// The slow, obvious model of an address map: one array element for each page of a small window.

import AddressSpace

/// A window of pages in an otherwise free address space.
struct ReferenceModel {
    struct ModelPage: Equatable {
        var state = PageState.unowned
        /// First page of the allocation; nil for free and available pages.
        var base: UInt?
        var protection = PageProtection(.noAccess)
    }

    let window: Range<UInt>
    private var contents: [ModelPage]

    init(window: Range<UInt>) {
        self.window = window
        contents = Array(repeating: ModelPage(), count: window.count)
    }

    subscript(page: UInt) -> ModelPage {
        get { window.contains(page) ? contents[Int(page - window.lowerBound)] : ModelPage() }
        set { contents[Int(page - window.lowerBound)] = newValue }
    }

    mutating func setFree(_ range: Range<UInt>, to state: PageState) {
        for page in range { self[page] = ModelPage(state: state) }
    }

    /// What is left above the part becomes an allocation of its own.
    mutating func releasePart(_ part: Range<UInt>, of allocation: Range<UInt>) {
        setFree(part, to: .available)
        for page in part.upperBound..<allocation.upperBound { self[page].base = part.upperBound }
    }

    /// What is left below keeps its base; what is left above gets one of its own.
    mutating func makePlaceholder(_ part: Range<UInt>, of allocation: Range<UInt>) {
        for page in part { self[page] = ModelPage(state: .placeholder, base: part.lowerBound) }
        for page in part.upperBound..<allocation.upperBound { self[page].base = part.upperBound }
    }

    mutating func joinPlaceholders(_ range: Range<UInt>) {
        for page in range { self[page].base = range.lowerBound }
    }

    mutating func reserve(_ range: Range<UInt>, _ protection: PageProtection) {
        for page in range {
            self[page] = ModelPage(
                state: .reserved, base: range.lowerBound, protection: protection)
        }
    }

    mutating func setState(_ state: PageState, of range: Range<UInt>) {
        for page in range { self[page].state = state }
    }

    // What the map is asked.

    /// The pages around `page` for which `isAlike` holds with every page in between.
    private func extent(around page: UInt, _ isAlike: (ModelPage) -> Bool) -> Range<UInt> {
        var (start, end) = (page, page + 1)
        while start > window.lowerBound, isAlike(self[start - 1]) { start -= 1 }
        while end < window.upperBound, isAlike(self[end]) { end += 1 }
        return start..<end
    }

    func allocation(containing page: UInt) -> Range<UInt>? {
        guard let base = self[page].base else { return nil }
        return extent(around: page) { $0.base == base }
    }

    /// Where the region of `page` ends; nil if it leaves the window.
    func regionEnd(from page: UInt) -> UInt? {
        let queried = self[page]
        let end = extent(around: page) {
            $0.base == queried.base && $0.state.looksLike(queried.state)
        }
        .upperBound
        return queried.state == .unowned && end == window.upperBound ? nil : end
    }

    func isAll(_ state: PageState, _ range: Range<UInt>) -> Bool {
        range.allSatisfy { self[$0].state == state }
    }

    func committedCount(in range: Range<UInt>) -> Int {
        range.count { self[$0].state.isCommitted }
    }

    /// Every place for `pageCount` available pages that begins on a granule, from page `lowest` on, lowest
    /// first.
    func gaps(pageCount: UInt, from lowest: UInt) -> [UInt] {
        stride(from: window.lowerBound, through: window.upperBound - pageCount, by: 16).filter {
            $0 >= lowest && isAll(.available, $0..<$0 + pageCount)
        }
    }

    /// The pages around `page` that are not free; a search that goes up (or down) need not look at them,
    /// but for the available ones at that end.
    func obstacle(around page: UInt, _ direction: PlacementRequest.Direction) -> Range<UInt> {
        let allocation = allocation(containing: page) ?? page..<page + 1
        let ours = extent(around: page) { $0.state != .unowned }
        switch direction {
        case .lowestFirst:
            let end = stride(from: ours.upperBound, to: allocation.upperBound, by: -1)
                .first { self[$0 - 1].state != .available }
            return allocation.lowerBound..<(end ?? allocation.upperBound)
        case .highestFirst:
            let start = (ours.lowerBound..<allocation.lowerBound)
                .first { self[$0].state != .available }
            return (start ?? allocation.lowerBound)..<allocation.upperBound
        }
    }

    var allocations: [Range<UInt>] {
        var found: [Range<UInt>] = []
        var page = window.lowerBound
        while page < window.upperBound {
            if let allocation = allocation(containing: page) {
                found.append(allocation)
                page = allocation.upperBound
            } else {
                page += 1
            }
        }
        return found
    }
}
