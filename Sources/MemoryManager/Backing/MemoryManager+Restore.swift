// After a refusal: puts the kernel's state back to the one in the map.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// Undoes the effects of a refused or abandoned change on claimed pages.
    func restore(_ range: PageRange) {
        forEachSettledRun(of: range) { run in granules.putBack(run.state, on: run.range) }
        // The change has modified words that no journal covers (granules). Operations that have read these
        // words start over.
        while !sequencer.advance(from: sequencer.settle()) {}
    }
}
