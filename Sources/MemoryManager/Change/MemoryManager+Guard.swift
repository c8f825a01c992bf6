// PAGE_GUARD: disarms a guard page at its first access (behaviour 8.1 to 8.3).

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// Clears the guard of one page, if it is armed; its own protection applies from then on.
    ///
    /// - Returns: True for the one caller that found it armed.
    /// - Throws: `.outOfAddressSpace` if the kernel refuses; the guard stays armed.
    @_optimize(size)
    package func disarmGuard(at page: UInt) throws(MemoryError) -> Bool {
        let range = PageRange(from: page, to: page &+ 1)
        var disarmed = PageState.reserved
        let claim = try change(begin()) { _, journal throws(Setback) -> Claim? in
            // Another operation may be arming or disarming the page.
            try requireUnclaimed(range, by: CurrentThread.identifier)
            let state = map.state(of: page)
            if !state.isCommitted || state.guardState == .off { return nil }
            try requireTables(for: range)
            disarmed = state.disarmed
            return .long(range)
        } act: { _, _ throws(Refusal) in
            try Refusal.of { () throws(KernelError) in try granules.enforce(disarmed, on: range) }
        } record: { _, page, journal in
            record(disarmed, of: range, from: page, &journal)
        }
        return claim != nil
    }
}
