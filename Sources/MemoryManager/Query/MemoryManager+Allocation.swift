// The whole allocation at an address (behaviour 6.24, A15.16).

import AddressSpace
import LinuxKernel

package struct MemoryAllocation {
    package let base: UInt
    package let initialProtection: PageProtection
    package let byteCount: UInt
    package let committedByteCount: UInt
}

extension MemoryManager {
    /// - Returns: `nil` if the page of `address` is free.
    /// - Throws: What a query throws.
    /// - Complexity: O(runs of the allocation). For foreign memory a query for each of its regions.
    package func allocation(at address: UInt) throws(MemoryError) -> MemoryAllocation? {
        let region = try region(at: address)
        if region.state == .free { return nil }
        if let range = allocation(containing: Page.index(of: address)) {
            return MemoryAllocation(
                base: range.base, initialProtection: region.initialProtection,
                byteCount: range.byteCount,
                committedByteCount: Page.address(of: settledSummary(of: range).committedPageCount))
        }
        return try foreignAllocation(around: region)
    }

    private func foreignAllocation(
        around region: MemoryRegion
    ) throws(MemoryError) -> MemoryAllocation {
        var end = region.base &+ region.byteCount
        while end < Page.address(of: Page.endOfMap) {
            let next: MemoryRegion
            do throws(MemoryError) { next = try self.region(at: end) } catch { break }
            if next.state == .free || next.allocationBase != region.allocationBase { break }
            end = next.base &+ next.byteCount
        }
        let byteCount = end &- region.allocationBase
        return MemoryAllocation(
            base: region.allocationBase, initialProtection: region.initialProtection,
            byteCount: byteCount, committedByteCount: region.state == .reserved ? 0 : byteCount)
    }
}
