// PAGE_GUARD: consuming an armed guard page (behaviour 8.1 to 8.3).

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// Clears the guard of one page, if it is armed; its own protection applies from then on.
    ///
    /// - Returns: True for the one caller that found it armed.
    /// - Throws: `.outOfAddressSpace` if the kernel refuses; the guard stays armed.
    @_optimize(size)
    package func disarmGuard(at page: UInt) throws(MemoryError) -> Bool {
        let operation = begin()
        return try disarmGuard(at: page, by: operation)
    }

    @_optimize(size)
    func disarmGuard(
        at page: UInt, by operation: borrowing Operation
    ) throws(MemoryError) -> Bool {
        let range = PageRange(from: page, to: page &+ 1)
        let state = try transact(operation) { journal throws(Setback) -> PageState? in
            let state = map.state(of: page)
            if !state.isCommitted || state.guardState == .off { return nil }
            try requireTables(for: range)
            try claim(range, for: operation, &journal)
            return state
        }
        guard let state else { return false }
        do throws(KernelError) {
            try PageAccess.set(state.disarmed.enforced, on: range)
        } catch {
            withdraw(operation)
            throw refusal(of: error)
        }
        record(operation, state.disarmed, of: range) { _ in }
        return true
    }
}
