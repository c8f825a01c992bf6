// Which memory of the tables can go back to the system, and where it is.

import Synchronization

/// Pages in which nothing begins or ends, though something did.
package struct IdlePages {
    /// A block, or all that a table covers.
    package let range: PageRange
    /// No word that tells of them was changed by a later transaction.
    package let lastTransaction: UInt32
}

extension AddressMap {
    /// The first idle pages in the table of `page`, from its block on.
    package func firstIdle(inTableFrom page: UInt) -> IdlePages? {
        guard let table = directory.table(of: page) else { return nil }
        var page = page
        repeat {
            let (word, shift) = unsafe table.usedStretches(around: page)
            let used = unsafe word.pointee.load(ordering: .relaxed) &>> shift
            if UInt32(truncatingIfNeeded: used) != 0, let idle = idlePages(around: page) {
                return idle
            }
            page &+= PageTableLayout.blockPageCount
        } while page & (PageTableLayout.pageCount &- 1) != 0
        return nil
    }

    /// The block of `page`, or all that its table covers, if nothing begins or ends there; and nothing is
    /// noted there of the contents of pages, as in allocations that were never reset.
    package func idlePages(around page: UInt) -> IdlePages? {
        guard let table = directory.table(of: page) else { return nil }
        let block = PageTable.block(of: page)
        let word = unsafe runs.word(
            table, level: 3, holding: page &>> PageTableLayout.blockShift)
        let value = unsafe word.pointee.load(ordering: .relaxed)
        let blocksInUse = UInt32(truncatingIfNeeded: value)
        if blocksInUse &>> UInt32(truncatingIfNeeded: block) & 1 != 0 { return nil }
        let pageCount =
            blocksInUse == 0 ? PageTableLayout.pageCount : PageTableLayout.blockPageCount
        let start = page & ~(pageCount &- 1)
        if allocation(containing: page)?.attributes.wasReset == true { return nil }
        return IdlePages(
            range: PageRange(from: start, to: start &+ pageCount),
            lastTransaction: UInt32(truncatingIfNeeded: value &>> 32))
    }
}

extension PageTable {
    /// Calls `body` with the address and the bytes of each part of the table that tells of `range`, and
    /// of nothing else: whole pages.
    ///
    /// - Parameters:
    ///   - range: A block, or all that the table covers.
    ///   - body: False ends it.
    package func forEachPart(
        tellingOf range: PageRange, _ body: (_ address: UInt, _ byteCount: UInt) -> Bool
    ) {
        if range.pageCount == PageTableLayout.pageCount {
            // All but how granules are backed, which outlives what is in them.
            _ = body(UInt(bitPattern: unsafe word(0)), PageTableLayout.backing &* 8)
            return
        }
        let block = PageTable.block(of: range.start)
        let parts: [4 of (start: UInt, wordCount: UInt)] = [
            (PageTableLayout.boundaries, PageTableLayout.blockPageCount / 16),
            (PageTableLayout.granuleAttributes, PageTableLayout.blockPageCount / 32),
            (PageTableLayout.states, 1 << PageTableLayout.stateBlockShift),
            (PageTableLayout.blocks, PageTableLayout.blockWordCount),
        ]
        for index in parts.indices {
            let (start, wordCount) = parts[index]
            let address = UInt(bitPattern: unsafe word(start &+ block &* wordCount))
            if !body(address, wordCount &* 8) { return }
        }
    }
}
