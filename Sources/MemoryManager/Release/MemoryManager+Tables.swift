// Giving memory of the tables back to the system. A word that is given back reads as zero, as one that
// was never written does; so nobody may be about to change it on account of an earlier transaction,
// and nobody who has read it may publish what followed from that.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// Gives back what tells of blocks that have become empty. Call when an operation has ended that
    /// may have emptied some.
    @inline(__always)
    package func tidyTables() {
        if map.memory.isAnyMarked { tidyTablesIfItPays() }
        if map.charge.pageCount == 0 && (islands.areLeftOver || areManyPlacesLeft) {
            giveUpMappings()
        }
    }

    /// A few come and go with the blocks that use them.
    @inline(__always) private var areManyPlacesLeft: Bool { map.placeCache.placeCount > 4 }

    @inline(never)
    private func tidyTablesIfItPays() {
        if map.memory.beginLooking(at: sequencer.number) { tidyMarkedTables() }
    }

    /// Gives back what tells of idle pages in marked tables. At the first that somebody may be just
    /// about to use it ends, as the others would hardly fare better; all that are left stay marked.
    func tidyMarkedTables() {
        var table: UInt = 0
        while let marked = map.memory.takeMark(from: table),
            tidyTable(of: marked &<< PageTableLayout.pageShift)
        {
            table = marked &+ 1
        }
    }

    /// - Parameter start: The first page of the table.
    /// - Returns: False if something could not be given back now.
    private func tidyTable(of start: UInt) -> Bool {
        var page = start
        while let idle = map.firstIdle(inTableFrom: page) {
            if !giveBackTables(ofBlockAt: idle.range.start) {
                map.memory.mark(tableOf: start)
                return false
            }
            page = idle.range.end
            if page & (PageTableLayout.pageCount &- 1) == 0 { break }
        }
        return true
    }

    /// - Returns: False if it could not be now.
    private func giveBackTables(ofBlockAt page: UInt) -> Bool {
        // Threads that a collector has stopped may have all slots, and with signals blocked this one
        // would not stop with them.
        guard let operation = beginUnlessCrowded() else { return false }
        let moment = sequencer.settle()
        guard let idle = map.idlePages(around: page) else { return true }
        // With the page before: what ends there is recorded at the first page behind it.
        let claimed = PageRange(from: max(idle.range.start, 1) &- 1, to: idle.range.end)
        guard tryClaim(claimed, for: operation, at: moment) else { return false }
        let isNobodyAtIt =
            slots.haveAllBegun(after: idle.lastTransaction, but: operation.slot)
            && !sequencer.isHelped
        if isNobodyAtIt {
            giveBackTables(of: idle.range)
            // Who has read them meanwhile begins again.
            while !sequencer.advance(from: sequencer.settle()) {}
        }
        withdraw(operation)
        return isNobodyAtIt
    }

    private func giveBackTables(of range: PageRange) {
        guard let table = map.directory.table(of: range.start) else { return }
        map.memory.noteReturn(of: range)
        table.forEachPart(tellingOf: range) { address, byteCount in
            do throws(KernelError) {
                try Mapping.empty(at: address, byteCount: byteCount)
                return true
            } catch {
                // The program has locked all its memory. What is left reads as it did.
                return false
            }
        }
    }
}
