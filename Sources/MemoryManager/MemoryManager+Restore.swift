// After a refusal: the kernel's state is put back to what the map says.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// Undoes what a refused change has done to claimed pages.
    func restore(_ range: PageRange) {
        var page = range.start
        while page < range.end {
            let run = settledRun(from: page, to: range.end)
            do throws(KernelError) {
                try backing.enforce(run.state, on: run.range)
            } catch {
                // The kernel refuses even what it had granted before. The pages stay as accessible
                // as they are; the map does not count on it.
            }
            page = run.range.end
        }
        // What the change did to words beside the journal may have been read before its claim was
        // announced: whoever did looks again.
        while !sequencer.advance(from: sequencer.settle()) {}
    }
}
