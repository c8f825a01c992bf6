// Reading the map outside a transaction, each thing at a moment of its own. A claim keeps others from
// changing the claimed pages, but not from changing words of the map that tell of these and other pages.

extension AddressMap {
    /// The part of a run that begins at `page` and ends no later than `end`.
    package func settledRun(from page: UInt, to end: UInt, _ sequencer: Sequencer) -> Run {
        sequencer.settled {
            let run = run(containing: page)
            let last = max(min(run.range.end, end), page &+ 1)
            return Run(range: PageRange(from: page, to: last), state: run.state)
        }
    }

    /// What claimed pages hold. The count ends whatever others do meanwhile; nobody but the owner of the
    /// claim changes it.
    package func settledSummary(of range: PageRange, _ sequencer: Sequencer) -> RangeSummary {
        var summary = RangeSummary()
        var page = range.start
        while page < range.end {
            let run = settledRun(from: page, to: range.end, sequencer)
            summary.add(run, of: range)
            page = run.range.end
        }
        return summary
    }
}
