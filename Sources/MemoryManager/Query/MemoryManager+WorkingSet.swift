// The working set: which pages are in RAM, and what the system would say of them.

import AddressSpace
import LinuxKernel

/// The working-set attributes of a page (behaviour 12.8 to 12.11).
package struct WorkingSetAttributes {
    /// The protection of a page that is in RAM and accessible; `nil` for other pages.
    package var protection: PageProtection?
    /// Whether other processes may share the page, also if it is not in RAM.
    package var isShared = false
    package var isLocked = false

    /// The attributes of free pages.
    package init() {}
}

extension MemoryManager {
    /// - Complexity: One system call for memory of ours; for foreign memory those of a query, and two more.
    package func workingSetAttributes(
        at address: UInt, in resident: borrowing ResidentPages
    ) -> WorkingSetAttributes {
        var attributes = WorkingSetAttributes()
        let page = Page.index(of: address)
        guard let region = regionIfAny(at: address), case .committed(let protection) = region.state
        else { return attributes }
        let presence = resident.presence(of: page)
        // A page that was written belongs to the process alone.
        attributes.isShared = region.type != .private && presence != .private
        if presence == .absent || protection.access == .noAccess
            || protection.guardState == .armed
        {
            return attributes
        }
        attributes.protection = protection
        attributes.isLocked = state(of: page).isLocked
        return attributes
    }

    private func regionIfAny(at address: UInt) -> MemoryRegion? {
        do throws(MemoryError) { return try region(at: address) } catch { return nil }
    }
}
