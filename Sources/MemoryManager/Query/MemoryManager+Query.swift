// Query: the region at an address. Lock-free; no system call for memory of ours.

import AddressSpace
import CCallbacks
import LinuxKernel

extension MemoryManager {
    /// The region that begins with the page of `address`.
    ///
    /// - Throws: `.invalidParameter` above the application's space, unless the kernel has put
    ///   something at or above the address (behaviour 6.11; Linux stacks may lie there).
    /// - Complexity: O(1) for memory of ours. For foreign and free memory three system calls, and one for
    ///   each neighbouring mapping that must be read.
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

    /// The region that begins at `page`, on the fast path.
    ///
    /// - Returns: `nil` if `page` is free, the region has several runs, or the map changed meanwhile.
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

    /// Describes private memory, whose states store the access as it is. The kind is not asked: that alone
    /// would make VirtualQuery a quarter slower, and there is no other kind yet.
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

    /// The free region from `page` on, which is known to be free up to `end`. It ends at the next allocation
    /// of ours or the next foreign mapping.
    private func freeRegion(
        from page: UInt, through end: UInt, in mappings: inout ForeignMappings
    ) throws(MemoryError) -> MemoryRegion {
        var end = end
        // A gap and free space are two regions of the map but one for the caller; foreign mappings may be in
        // the free space.
        while end < Page.endOfMap {
            let next = settledRegion(from: end)
            if !next.state.isFree { break }
            if next.state == .unowned,
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

    /// The last 64 KiB of the application's space can never be used (behaviour 6.12). Free space ends with
    /// the application's space, unless something is mapped above.
    func freeRegion(from page: UInt, to end: UInt) throws(MemoryError) -> MemoryRegion {
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

    /// - Parameter mapping: The first mapping that ends after the start of `page`.
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
        // The kernel may have merged a mapping of ours with a foreign neighbour. The foreign part ends where
        // our memory begins.
        let limit = min(Page.index(of: mapping.end), end)
        return describe(mapping, from: page, to: max(limit, page &+ 1), in: &mappings)
    }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@_cdecl("win32memory_is_ours") @implementation
public func win32memory_is_ours(_ address: UInt) -> Int32 {
    MemoryManager.shared.isOurs(Page.index(of: address)) ? 1 : 0
}
