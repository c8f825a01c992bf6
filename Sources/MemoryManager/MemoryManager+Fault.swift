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

    /// The first armed guard page of `range`; as `state(of:)`, for each run.
    package func firstArmedGuard(in range: PageRange) -> UInt? {
        var page = range.start
        while page < range.end {
            let moment = sequencer.settle()
            let run = map.run(containing: page)
            if !sequencer.isStill(moment) { continue }
            if run.state.isCommitted && run.state.guardState == .armed { return page }
            page = max(run.range.end, page &+ 1)
        }
        return nil
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
