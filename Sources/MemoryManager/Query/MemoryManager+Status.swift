// The commit charge and the address space left, for GlobalMemoryStatusEx and GetProcessMemoryInfo.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// The commit limit, and how much of it is left, in bytes.
    package func commitStatus() -> (limit: UInt64, available: UInt64) {
        prepare()
        let limit = settings.commitLimit
        let used = min(map.charge.pageCount, limit)
        return (UInt64(limit) &<< UInt64(Page.shift), UInt64(limit &- used) &<< UInt64(Page.shift))
    }

    /// The commit charge now and its peak, in bytes.
    package func committedByteCounts() -> (now: UInt64, peak: UInt64) {
        let shift = UInt64(Page.shift)
        return (UInt64(map.charge.pageCount) &<< shift, UInt64(map.charge.peakPageCount) &<< shift)
    }

    /// The address space that an application may use, and how much of it is left, in bytes.
    ///
    /// - Complexity: O(reservations).
    package func addressSpaceStatus() -> (total: UInt64, available: UInt64) {
        let total = UInt64(Page.endOfApplicationSpace &- Page.lowestAddress)
        let mapped = AddressLimit.mappedByteCount
        let unused = UInt64(availableByteCount())
        let used = mapped > unused ? mapped &- unused : 0
        return (total, total > used ? total &- used : 0)
    }

    private func availableByteCount() -> UInt {
        var byteCount: UInt = 0
        var page: UInt = 0
        while page < Page.endOfMap {
            let end = map.endOfExtent(containing: page)
            if map.state(of: page) == .available { byteCount &+= Page.address(of: end &- page) }
            page = end
        }
        return byteCount
    }
}
