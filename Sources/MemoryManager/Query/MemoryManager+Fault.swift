// What the fault entry asks about a page.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// The state of `page` once nobody is changing it: a fault is judged by a state that the page really
    /// has, not by one that it passes through.
    ///
    /// Waits for an operation of another thread; that one waits for nothing (Operation.swift). An
    /// operation that this very thread was interrupted in gives way. Signal-safe; no system call as a
    /// rule.
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

    /// The state of `page`, and what `look` says of it, while nobody can change the page.
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

    /// The first armed guard page of `range`; as `state(of:)`, for each run.
    package func firstArmedGuard(in range: PageRange) -> UInt? {
        var page = range.start
        while page < range.end {
            let run = settledRun(from: page, to: range.end)
            if run.state.isCommitted && run.state.guardState == .armed { return page }
            page = run.range.end
        }
        return nil
    }

    /// The allocation that contains `page`, if any; as `state(of:)`.
    package func allocation(containing page: UInt) -> PageRange? {
        settled { map.allocation(containing: page)?.range }
    }

    /// Takes over the signals of exceptions, gives this thread a stack for them, and notes from now on
    /// what is done with addresses, so that the line about an unhandled one can tell.
    @inline(never)
    package func takeOverSignals() {
        if !FaultSignals.areInstalled {
            map.history.begin()
            FaultSignals.install()
        }
        ThreadArea.prepare()
    }
}
