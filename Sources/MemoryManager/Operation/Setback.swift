// Why a draft comes to nothing, and what is done about it.

import AddressSpace
import LinuxKernel

/// Why a draft came to nothing.
enum Setback: Error {
    /// The caller asked for what cannot be; final.
    case refused(MemoryError)
    /// Somebody is changing the pages just now.
    case blocked(ClaimConflict)
    /// A table must be installed for this page first.
    case tableMissing(UInt)
}

extension MemoryManager {
    /// Drafts a journal until it is published: a decision and its record in one indivisible step, where
    /// the kernel need not be called.
    ///
    /// `draft` may be run more than once, and may see a map that never was; then its result is
    /// thrown away. It must end on any map, and have no other effect than its journal.
    @inline(__always)
    func transact<Result>(
        _ operation: consuming Operation,
        _ draft: (inout Journal) throws(Setback) -> Result
    ) throws(MemoryError) -> Result {
        var operation = operation
        while true {
            let wakeUps = claimWaiting.wakeUpCount
            let moment = sequencer.settle()
            var journal = unsafe Journal(entries: operation.slot.entries, transaction: moment.next)
            do throws(Setback) {
                let result = try draft(&journal)
                if sequencer.publish(journal, in: operation.slot, at: moment) { return result }
            } catch {
                if sequencer.isStill(moment) { try overcome(error, since: wakeUps, &operation) }
            }
        }
    }

    /// Does what `setback` calls for, after which the draft is made again; or throws.
    @inline(never)
    @_optimize(size)
    func overcome(
        _ setback: Setback, since wakeUps: UInt64, _ operation: inout Operation
    ) throws(MemoryError) {
        switch setback {
        case .refused(let error): throw error
        case .blocked(let conflict):
            switch conflict.holder {
            case .ownThread: revoke(slots[conflict.slot])
            case .otherThread: sleep(&operation, until: conflict, since: wakeUps)
            }
        case .tableMissing(let page): try installTable(of: page)
        }
    }

    private func installTable(of page: UInt) throws(MemoryError) {
        let byteCount = PageTableLayout.byteCount
        let storage: UInt
        do throws(KernelError) {
            storage = try Mapping.table(byteCount: byteCount)
        } catch {
            throw .outOfAddressSpace
        }
        if map.directory.install(tableOf: page, storage: storage) { return }
        // Another thread was first. The unused table never held anything, so a refusal to unmap it
        // costs address space only.
        do throws(KernelError) {
            try Mapping.releaseTable(at: storage, byteCount: byteCount)
        } catch { return }
    }

    /// Refuses with `.tableMissing` unless boundaries can be set at both ends of `range`.
    @inline(__always)
    func requireTables(for range: PageRange) throws(Setback) {
        if let page = map.pageWithoutTable(for: range) { throw .tableMissing(page) }
    }

    /// As `requireTables`, for each 4 GiB in between too: facts about granules are kept there.
    func requireAllTables(for range: PageRange) throws(Setback) {
        try requireTables(for: range)
        if range.pageCount < PageTableLayout.pageCount { return }
        var page = range.start
        while page < range.end {
            if map.directory.table(of: page) == nil { throw .tableMissing(page) }
            page &+= PageTableLayout.pageCount
        }
    }

    /// Refuses with `.blocked` if another operation is changing pages of `range`.
    @inline(__always)
    func requireUnclaimed(_ range: PageRange, by thread: UInt32) throws(Setback) {
        if let conflict = map.claims.conflict(with: range, for: thread) {
            throw .blocked(conflict)
        }
    }

    /// Claims `range` if nothing has happened since `moment`, and nobody else is at these pages; for
    /// operations that make one attempt.
    func tryClaim(
        _ range: PageRange, for operation: borrowing Operation, at moment: Sequencer.Moment
    ) -> Bool {
        if map.claims.conflict(with: range, for: operation.thread) != nil { return false }
        operation.slot.setClaim(range)
        map.claims.announce(operation.slot)
        if sequencer.advance(from: moment) { return true }
        withdraw(operation)
        return false
    }
}
