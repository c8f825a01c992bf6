// Reads the map outside a transaction; each read is of one moment, but not all of the same. A claim keeps
// other operations from changing the claimed pages, but not from changing words of the map that describe
// these and other pages.

extension AddressMap {
    /// The part of a run that begins at `page` and ends no later than `end`.
    package func settledRun(from page: UInt, to end: UInt, _ sequencer: Sequencer) -> Run {
        sequencer.settled {
            let run = run(containing: page)
            let last = max(min(run.range.end, end), page &+ 1)
            return Run(range: PageRange(from: page, to: last), state: run.state)
        }
    }

    /// Calls `body` with each run of `range`, cut off at its ends.
    @inline(__always)
    package func forEachSettledRun<Failure: Error>(
        of range: PageRange, _ sequencer: Sequencer, _ body: (Run) throws(Failure) -> Void
    ) throws(Failure) {
        var page = range.start
        while page < range.end {
            let run = settledRun(from: page, to: range.end, sequencer)
            try body(run)
            page = run.range.end
        }
    }

    /// The summary of claimed pages. It is exact, because only the owner of the claim changes them; and the
    /// loop ends, whatever other threads do meanwhile.
    package func settledSummary(of range: PageRange, _ sequencer: Sequencer) -> RangeSummary {
        var summary = RangeSummary()
        forEachSettledRun(of: range, sequencer) { run in summary.add(run, of: range) }
        return summary
    }
}
