// What the fault entry asks about a page.

import AddressSpace

extension MemoryManager {
    /// The state of `page` between two transactions. Lock-free, signal-safe; no system call.
    package func state(of page: UInt) -> PageState {
        while true {
            let moment = sequencer.settle()
            let state = map.state(of: page)
            if sequencer.isStill(moment) { return state }
        }
    }

    /// The allocation that contains `page`, if any; as `state(of:)`.
    package func allocation(containing page: UInt) -> PageRange? {
        while true {
            let moment = sequencer.settle()
            let allocation = map.allocation(containing: page)
            if sequencer.isStill(moment) { return allocation?.range }
        }
    }
}
