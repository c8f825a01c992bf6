// The reasons why a draft cannot be published, and what is done about each.

import AddressSpace
import LinuxKernel

/// Why a draft cannot be published.
enum Setback: Error {
    /// The request is refused for good.
    case refused(MemoryError)
    /// Another operation is changing the pages.
    case blocked(ClaimConflict)
    /// A table must be installed for this page first.
    case tableMissing(UInt)
}

extension MemoryManager {
    /// Drafts a journal and publishes it, as often as necessary: decides and records in one atomic step, for
    /// operations that need no kernel call.
    ///
    /// `draft` may run more than once, and may read an inconsistent map; its result is then discarded. It
    /// must terminate on any map, and its only effect must be the journal.
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

    /// Removes the reason of `setback`, so that the caller can draft again; throws if it cannot.
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

    /// Same as `requireTables`, but for every table of the range, because each stores facts about its
    /// granules.
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

    /// Claims `range`, unless a transaction was published since `moment` or another claim is in the way. For
    /// operations that try only once.
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
