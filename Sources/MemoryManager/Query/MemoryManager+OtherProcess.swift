// Queries about the memory of another process, which the kernel's list of its mappings describes. Linux does
// not know what a process has only reserved.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// The region that begins with the page of `address` in another process.
    ///
    /// - Throws: `.invalidParameter` above the application's space, unless something is mapped at or above
    ///   the address; `.accessDenied` if the kernel does not show the list, or the process has ended.
    /// - Complexity: Three system calls, and one for each neighbouring mapping that must be read.
    package func region(
        at address: UInt, of process: OtherProcess
    ) throws(MemoryError) -> MemoryRegion {
        let page = Page.index(of: address)
        if page >= Page.endOfMap { throw .invalidParameter }
        var mappings: ForeignMappings
        do throws(KernelError) {
            mappings = try ForeignMappings(of: process)
        } catch {
            throw .accessDenied
        }
        defer { mappings.close() }
        // Every process has a mapping; one that is ending has none.
        if mappings.first(atOrAfter: 0) == nil { throw .accessDenied }
        let mapping = mappings.first(atOrAfter: address)
        let start = mapping.map { Page.index(of: $0.start) } ?? Page.endOfMap
        if start > page { return try freeRegion(from: page, to: min(start, Page.endOfMap)) }
        guard let mapping else { throw .invalidParameter }
        let end = min(Page.index(of: mapping.end), Page.endOfMap)
        return describe(mapping, from: page, to: max(end, page &+ 1), in: &mappings)
    }
}
