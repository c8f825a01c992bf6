// Decommit: committed pages become reserved; their storage goes back to the system at once.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// Decommits every page of `range`; reserved pages among them are fine.
    ///
    /// - Throws: `.notAllocated` if the first page is free; `.pastAllocationEnd` if the range leaves
    ///   its allocation. Nothing is changed then.
    /// - Complexity: As a rule one system call; none if no page was committed.
    package func decommit(_ range: PageRange) throws(MemoryError) {
        try decommit { allocation throws(MemoryError) in
            if !allocation.range.contains(range) { throw .pastAllocationEnd }
            return range
        } at: {
            range.start
        }
    }

    /// Decommits the whole allocation whose first page is `page`.
    ///
    /// - Throws: `.notAllocated` if the page is free; `.notAtBase` if it is another page of it.
    package func decommit(allocationBasedAt page: UInt) throws(MemoryError) {
        try decommit { allocation throws(MemoryError) in
            if allocation.range.start != page { throw .notAtBase }
            return allocation.range
        } at: {
            page
        }
    }

    private func decommit(
        choosing choose: (Allocation) throws(MemoryError) -> PageRange, at page: () -> UInt
    ) throws(MemoryError) {
        let operation = begin()
        let (range, contents, wasReset) = try transact(operation) { journal throws(Setback) in
            guard let allocation = map.allocation(containing: page()) else {
                throw .refused(.notAllocated)
            }
            let range: PageRange
            do throws(MemoryError) { range = try choose(allocation) } catch {
                throw .refused(error)
            }
            let contents = map.contents(of: range)
            if contents.committedPageCount > 0 {
                try requireTables(for: range)
                try claim(range, for: operation, &journal)
            } else {
                try requireUnclaimed(range, by: operation)
            }
            return (range, contents, allocation.attributes.wasReset)
        }
        if contents.committedPageCount == 0 { return }
        do throws(KernelError) {
            try discard(contents)
        } catch {
            restore(range)
            withdraw(operation)
            throw refusal(of: error)
        }
        if wasReset { PagesWithContents(directory: map.directory).removeAll(of: range) }
        record(operation, .reserved, of: range, returning: contents.committedPageCount) { _ in }
    }
}
