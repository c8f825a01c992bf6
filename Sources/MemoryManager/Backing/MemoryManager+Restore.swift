// After a refusal: the kernel's state is put back to what the map says.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// How often a call that only puts something back is made again.
    static var mostTries: Int { 16 }

    /// Undoes what a refused, or abandoned, change has done to claimed pages.
    func restore(_ range: PageRange) {
        var page = range.start
        while page < range.end {
            let run = settledRun(from: page, to: range.end)
            if !enforce(run) { granules.noteUnsettled(run.range) }
            page = run.range.end
        }
        // What the change did to words beside the journal may have been read before its claim was
        // announced: whoever did looks again.
        while !sequencer.advance(from: sequencer.settle()) {}
    }

    /// - Returns: False if the kernel refuses even what it had granted before.
    private func enforce(_ run: Run) -> Bool {
        for _ in 0..<MemoryManager.mostTries {
            do throws(KernelError) {
                try granules.enforce(run.state, on: run.range)
                return true
            } catch {
                islands.ballast.giveUp()
            }
        }
        return false
    }
}
