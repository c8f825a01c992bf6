// After a refusal: puts the kernel's state back to the one in the map.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// How often a call that only puts a state back is repeated.
    static var mostTries: Int { 16 }

    /// Undoes the effects of a refused or abandoned change on claimed pages.
    func restore(_ range: PageRange) {
        forEachSettledRun(of: range) { run in
            if !enforce(run) { granules.noteUnsettled(run.range) }
        }
        // The change has modified words that no journal covers (granules). Operations that have read these
        // words start over.
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
