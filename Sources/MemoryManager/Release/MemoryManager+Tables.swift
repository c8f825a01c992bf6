// Gives memory of the tables back to the system. A word that was given back reads zero, like one that was
// never written. So no operation may still be about to change it for an earlier transaction, and no operation
// that has read it may publish a draft that depends on it.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// Gives back the memory that describes idle blocks. Call after an operation that may have made blocks
    /// idle.
    @inline(__always)
    package func tidyTables() {
        if map.memory.isAnyMarked { tidyTablesIfItPays() }
        if map.charge.pageCount == 0 && (islands.areLeftOver || areManyPlacesLeft) {
            giveUpMappings()
        }
    }

    /// A few places are kept: they are used again by the next blocks.
    @inline(__always) private var areManyPlacesLeft: Bool { map.placeCache.placeCount > 4 }

    @inline(never)
    private func tidyTablesIfItPays() {
        if map.memory.beginLooking(at: sequencer.number) { tidyMarkedTables() }
    }

    /// Gives back the memory that describes idle pages in marked tables. Stops at the first that another
    /// operation may be using, because the others would probably be refused too; the rest stay marked.
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

    /// - Returns: False if another operation may be using that memory.
    private func giveBackTables(ofBlockAt page: UInt) -> Bool {
        // Does not wait for a slot: threads that a garbage collector has stopped may own all of them, and
        // this thread, with signals blocked, would keep the collector waiting.
        guard let operation = beginUnlessCrowded() else { return false }
        let moment = sequencer.settle()
        guard let idle = map.idlePages(around: page) else { return true }
        // The claim includes the page before: the boundary behind that page is stored at the first page of
        // the block.
        let claimed = PageRange(from: max(idle.range.start, 1) &- 1, to: idle.range.end)
        guard tryClaim(claimed, for: operation, at: moment) else { return false }
        let isNobodyAtIt =
            slots.haveAllBegun(after: idle.lastTransaction, but: operation.slot)
            && !sequencer.isHelped
        if isNobodyAtIt {
            giveBackTables(of: idle.range)
            outdateDecisions()
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
                // The program has locked all its memory. The rest is not given back and keeps its contents.
                return false
            }
        }
    }
}
