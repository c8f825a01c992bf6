// Finds the table of a page: one word for each 4 GiB of the address space, zero until needed.

import Synchronization

/// The tables that exist. Tables are added, never removed.
@safe package struct PageDirectory {
    private let tables: UnsafeMutablePointer<Atomic<UInt>>

    /// - Parameter storage: `PageTableLayout.tableCount` words, zeroed.
    @inline(__always)
    package init(storage: UnsafeMutablePointer<Atomic<UInt>>) { unsafe tables = unsafe storage }

    /// The table that covers `page`; `nil` if none was installed yet.
    @inline(__always)
    package func table(of page: UInt) -> PageTable? {
        let index = (page &>> PageTableLayout.pageShift) & (PageTableLayout.tableCount &- 1)
        let address = unsafe tables[Int(bitPattern: index)].load(ordering: .acquiring)
        guard let words = unsafe StampedWordPointer(bitPattern: address) else { return nil }
        return unsafe PageTable(words: words)
    }

    /// Enters a table for the 4 GiB around `page`.
    ///
    /// - Parameter storage: Address of `PageTableLayout.byteCount` zeroed bytes.
    /// - Returns: False if another thread has installed a table first; `storage` is then not used.
    package func install(tableOf page: UInt, storage: UInt) -> Bool {
        let index = (page &>> PageTableLayout.pageShift) & (PageTableLayout.tableCount &- 1)
        return unsafe tables[Int(bitPattern: index)].compareExchange(
            expected: 0, desired: storage, ordering: .acquiringAndReleasing
        ).exchanged
    }
}
