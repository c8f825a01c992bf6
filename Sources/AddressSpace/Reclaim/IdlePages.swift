// Finds the memory of the tables that can go back to the system.

import Synchronization

/// Pages in which no run begins, so that the memory of the table that describes them is not needed.
package struct IdlePages {
    /// A block, or all pages of a table.
    package let range: PageRange
    /// The last transaction that changed a word which describes these pages.
    package let lastTransaction: UInt32
}

extension AddressMap {
    /// The first idle pages with memory in use, in the table of `page`, from the block of `page` on.
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

    /// The block of `page`, or all pages of its table, if no run begins there and its allocation was never
    /// reset (so that no page of it is noted); `nil` otherwise.
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
    /// Calls `body` with the address and the length of each part of the table that describes `range` only.
    /// The parts are whole pages.
    ///
    /// - Parameters:
    ///   - range: A block, or all pages of the table.
    ///   - body: Returns false to stop.
    package func forEachPart(
        tellingOf range: PageRange, _ body: (_ address: UInt, _ byteCount: UInt) -> Bool
    ) {
        if range.pageCount == PageTableLayout.pageCount {
            // Everything except the backing of granules, which outlives the allocations in them.
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
