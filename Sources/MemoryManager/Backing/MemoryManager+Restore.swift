// After a refusal: puts the kernel's state back to the one in the map.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// Undoes the effects of a refused or abandoned change on claimed pages.
    func restore(_ range: PageRange) {
        forEachSettledRun(of: range) { run in granules.putBack(run.state, on: run.range) }
        outdateDecisions()
    }

    /// Makes operations start over that have decided but not claimed yet. Called before a claim ends under
    /// which words were changed that no journal covers (granules, memory of tables): such an operation may
    /// have read them before the change, and would find no claim now.
    func outdateDecisions() {
        while !sequencer.advance(from: sequencer.settle()) {}
    }
}
