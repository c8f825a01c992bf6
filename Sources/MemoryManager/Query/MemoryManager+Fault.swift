// The answers that the fault handler needs about a page.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// The state of `page` while no operation is changing it, so that a fault is not judged by a passing
    /// state.
    ///
    /// Waits for operations of other threads, which wait for nothing (Operation.swift). An interrupted
    /// operation of this thread gives way. Signal-safe; mostly without a system call.
    package func settledState(of page: UInt) -> PageState {
        prepare()
        while true {
            let wakeUps = claimWaiting.wakeUpCount
            let moment = sequencer.settle()
            let state = map.state(of: page)
            let work = map.claims.work(at: page, for: CurrentThread.identifier)
            if !sequencer.isStill(moment) { continue }
            guard let work else { return state }
            switch work.holder {
            case .ownThread: revoke(slots[work.slot])
            case .otherThread: awaitEnd(of: work, since: wakeUps)
            }
        }
    }

    /// The state of `page` and the result of `look`, both taken while no operation can change the page.
    package func undisturbed<Result>(
        _ page: UInt, _ look: () -> Result
    ) throws(MemoryError) -> (state: PageState, Result) {
        var result: (state: PageState, Result)?
        _ = try change(begin()) { _, _ throws(Setback) -> Claim? in
            .long(PageRange(from: page, to: page &+ 1))
        } act: { _, _ throws(Refusal) in
            result = (settled { map.state(of: page) }, look())
        } record: { _, _, _ in
            .max
        }
        guard let result else { throw .operationInProgress }
        return result
    }

    /// The state of `page` between two transactions. Lock-free, signal-safe; no system call.
    package func state(of page: UInt) -> PageState { settled { map.state(of: page) } }

    /// The first armed guard page of `range`. Reads each run as `state(of:)` does.
    package func firstArmedGuard(in range: PageRange) -> UInt? {
        var page = range.start
        while page < range.end {
            let run = settledRun(from: page, to: range.end)
            if run.state.isCommitted && run.state.guardState == .armed { return page }
            page = run.range.end
        }
        return nil
    }

    /// The allocation that contains `page`, if any. Reads as `state(of:)` does.
    package func allocation(containing page: UInt) -> PageRange? {
        settled { map.allocation(containing: page)?.range }
    }

    /// Installs the handlers of fault signals, gives this thread a signal stack, and begins to record events
    /// of addresses, which the line about an unhandled exception mentions.
    @inline(never)
    package func takeOverSignals() {
        if !FaultSignals.areInstalled {
            map.history.begin()
            FaultSignals.install()
        }
        ThreadArea.prepare()
    }
}
