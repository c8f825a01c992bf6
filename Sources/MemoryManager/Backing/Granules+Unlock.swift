// Ends the locking of pages in RAM, at the kernel's limit on mappings too.

import AddressSpace
import LinuxKernel

extension Granules {
    /// Lets the pages of `range` leave RAM.
    ///
    /// Locked pages in the middle of a mapping need new mappings around them. If the kernel has none left, the
    /// pages around are unlocked too, although the map still calls them locked. They only become slower; a
    /// refusal would keep the memory for ever.
    @inline(never)
    @_optimize(size)
    func unlock(_ range: PageRange) throws(KernelError) {
        do throws(KernelError) { return try PageContents.unlock(range) } catch {
            if islands.ballast.giveUp() {
                do throws(KernelError) { return try PageContents.unlock(range) } catch {}
            }
        }
        try PageContents.unlock(wholeMappings(around: range))
    }

    /// `range` with the rest of the mappings at its ends.
    private func wholeMappings(around range: PageRange) -> PageRange {
        var mappings = ForeignMappings()
        defer { mappings.close() }
        var whole = range
        var address = range.base
        while address < range.limit, let mapping = mappings.first(atOrAfter: address) {
            if mapping.start < range.limit {
                whole = whole.joined(
                    with: PageRange(
                        from: Page.index(of: mapping.start), to: Page.index(of: mapping.end)))
            }
            address = mapping.end
        }
        return whole
    }
}
