// Query: what is at an address. Lock-free; no system call for memory of ours.

import AddressSpace
import CCallbacks
import LinuxKernel

extension MemoryManager {
    /// The region that begins with the page of `address`.
    ///
    /// - Throws: `.invalidParameter` above the application's space, unless the kernel has put
    ///   something at or above the address (behaviour 6.11; Linux stacks may lie there).
    /// - Complexity: O(1) for memory of ours; for other memory, and free, three system calls, and
    ///   one for each neighbouring mapping that must be looked at.
    package func region(at address: UInt) throws(MemoryError) -> MemoryRegion {
        let page = Page.index(of: address)
        if page >= Page.endOfMap { throw .invalidParameter }
        var mappings = ForeignMappings()
        defer { mappings.close() }
        switch look(at: page, in: &mappings) {
        case .ours(let region):
            if let allocation = region.allocation { return describe(region, allocation) }
            return try freeRegion(from: page, through: region.range.end, in: &mappings)
        case .outside(let mapping, let end):
            return try foreignOrFree(mapping, from: page, through: end, in: &mappings)
        case .inWork(_, let end): return try freeRegion(from: page, through: end, in: &mappings)
        }
    }

    /// The region that begins at `page`, where that takes no more than a look at two words.
    ///
    /// - Returns: `nil` if it is not that simple.
    @inline(__always)
    package func fastRegion(from page: UInt) -> MemoryRegion? {
        let moment = sequencer.settle()
        guard let region = map.fastRegion(from: page), let allocation = region.allocation,
            sequencer.isStill(moment)
        else { return nil }
        return describe(region, allocation)
    }

    /// True if `page` belongs to an allocation of ours.
    package func isOurs(_ page: UInt) -> Bool { settledRegion(from: page).allocation != nil }

    func settledRegion(from page: UInt) -> Region { settled { map.region(from: page) } }

    @inline(__always)
    func describe(
        _ region: Region, _ allocation: Region.Origin
    ) -> MemoryRegion {
        let initial = allocation.attributes.initialProtection
        let state: RegionState =
            region.state.isCommitted
            ? .committed(
                PageProtection(
                    region.state.access, guardState: region.state.guardState,
                    caching: initial.caching))
            : .reserved
        return MemoryRegion(
            base: region.range.base, byteCount: region.range.byteCount, state: state,
            type: .private, allocationBase: Page.address(of: allocation.base),
            initialProtection: initial)
    }

    /// Free pages from `page` on that are known to go on until `end`: to the next object of ours, or
    /// the next mapping of somebody else.
    private func freeRegion(
        from page: UInt, through end: UInt, in mappings: inout ForeignMappings
    ) throws(MemoryError) -> MemoryRegion {
        var end = end
        // The map ends its free regions at objects; between two of ours may be foreign ones.
        while end < Page.endOfMap {
            let next = settledRegion(from: end)
            if !next.state.isFree { break }
            if next.state == .free,
                let mapping = mappings.first(atOrAfter: Page.address(of: end)),
                Page.index(of: mapping.start) < next.range.end
            {
                end = max(Page.index(of: mapping.start), end)
                break
            }
            end = next.range.end
        }
        return try freeRegion(from: page, to: end)
    }

    /// The last 64 KiB of the application's space are nobody's (behaviour 6.12), and free space ends
    /// with that space unless the kernel uses what lies above.
    private func freeRegion(from page: UInt, to end: UInt) throws(MemoryError) -> MemoryRegion {
        let top = Page.index(of: Page.endOfApplicationSpace)
        let partition = Page.index(of: Page.endOfReservableSpace)
        if page < partition {
            return region(.free, from: page, to: min(end, partition))
        }
        if page < top { return region(.reserved, from: page, to: min(end, top)) }
        if end >= Page.endOfMap { throw .invalidParameter }
        return region(.free, from: page, to: end)
    }

    private func region(_ state: RegionState, from page: UInt, to end: UInt) -> MemoryRegion {
        let noAccess = PageProtection(.noAccess)
        let base = state == .free ? 0 : Page.endOfReservableSpace
        return MemoryRegion(
            base: Page.address(of: page), byteCount: Page.address(of: end &- page), state: state,
            type: .private, allocationBase: base, initialProtection: noAccess)
    }

    /// - Parameter mapping: The first that reaches beyond the beginning of `page`.
    private func foreignOrFree(
        _ mapping: ForeignMapping?, from page: UInt, through end: UInt,
        in mappings: inout ForeignMappings
    ) throws(MemoryError) -> MemoryRegion {
        guard let mapping else {
            return try freeRegion(from: page, through: end, in: &mappings)
        }
        let start = Page.index(of: mapping.start)
        if start > page {
            return start < end
                ? try freeRegion(from: page, to: start)
                : try freeRegion(from: page, through: end, in: &mappings)
        }
        // A mapping of ours that merged with a neighbour of somebody else's is his up to our object.
        let limit = min(Page.index(of: mapping.end), end)
        return describe(mapping, from: page, to: max(limit, page &+ 1), in: &mappings)
    }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@_cdecl("win32memory_is_ours") @implementation
public func win32memory_is_ours(_ address: UInt) -> Int32 {
    MemoryManager.shared.isOurs(Page.index(of: address)) ? 1 : 0
}
