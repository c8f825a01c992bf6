// An operation in progress: its slot, and its transactions.

import AddressSpace
import CLinux
import LinuxKernel
import Synchronization

/// Why a draft came to nothing.
enum Setback: Error {
    /// The caller asked for what cannot be; final.
    case refused(MemoryError)
    /// Somebody is changing the pages just now.
    case blocked(ClaimConflict)
    /// A table must be installed for this page first.
    case tableMissing(UInt)
}

/// Holds an operation slot from beginning to end.
struct Operation: ~Copyable {
    let slot: OperationSlot
    let thread: UInt32
    private var isKept = false

    @inline(__always)
    init(slot: OperationSlot, thread: UInt32) {
        self.slot = slot
        self.thread = thread
    }

    @inline(__always)
    deinit { if !isKept { slot.giveBack() } }

    /// Lets the slot, and with it the claim, outlive the operation.
    mutating func keep() -> OperationSlot {
        isKept = true
        return slot
    }
}

extension MemoryManager {
    @inline(never)
    func begin() -> Operation { beginInLine() }

    @inline(__always)
    func beginInLine() -> Operation {
        settings.prepare()
        let thread = win32memory_thread_identifier()
        let slot = slots[UInt(thread)]
        let isTaken = slot.tryTake(for: thread, at: sequencer.number)
        return Operation(slot: isTaken ? slot : takeAny(for: thread), thread: thread)
    }

    /// - Returns: `nil` if every slot is taken.
    func beginUnlessCrowded() -> Operation? {
        let thread = win32memory_thread_identifier()
        guard let slot = slots.take(for: thread, at: sequencer.number) else { return nil }
        return Operation(slot: slot, thread: thread)
    }

    @inline(never)
    private func takeAny(for thread: UInt32) -> OperationSlot {
        while true {
            if let slot = slots.take(for: thread, at: sequencer.number) { return slot }
            kernel_yield()
        }
    }

    /// Drafts a journal until it is published: decisions and records in one indivisible step.
    ///
    /// `draft` may be run more than once, and may see a map that never was; then its result is
    /// thrown away. It must end on any map, and have no other effect than its journal.
    @inline(__always)
    func transact<Result>(
        _ operation: borrowing Operation,
        _ draft: (inout Journal) throws(Setback) -> Result
    ) throws(MemoryError) -> Result {
        while true {
            let wakeUps = claimWaiting.wakeUpCount
            let moment = sequencer.settle()
            var journal = unsafe Journal(entries: operation.slot.entries, transaction: moment.next)
            do throws(Setback) {
                let result = try draft(&journal)
                if publish(journal, operation, at: moment) { return result }
            } catch {
                if sequencer.isStill(moment) { try overcome(error, since: wakeUps, operation) }
            }
        }
    }

    /// Publishes a journal together with the claim that it may come with.
    @inline(never)
    private func publish(
        _ journal: Journal, _ operation: borrowing Operation, at moment: Sequencer.Moment
    ) -> Bool {
        if journal.isClaiming {
            if !sequencer.isStill(moment) { return false }
            map.claims.announce(operation.slot)
        }
        if sequencer.publish(journal, in: operation.slot, at: moment) { return true }
        if journal.isClaiming { withdraw(operation) }
        return false
    }

    /// As `transact`, for drafts that only record and so cannot be refused.
    @inline(__always)
    func record<Result>(
        _ operation: borrowing Operation, _ draft: (inout Journal) -> Result
    ) -> Result {
        while true {
            let moment = sequencer.settle()
            var journal = unsafe Journal(entries: operation.slot.entries, transaction: moment.next)
            let result = draft(&journal)
            if publish(journal, operation, at: moment) { return result }
        }
    }

    /// The same where every instruction counts.
    @inline(__always)
    func recordInLine<Result>(
        _ operation: borrowing Operation, _ draft: (inout Journal) -> Result
    ) -> Result {
        while true {
            let moment = sequencer.settle()
            var journal = unsafe Journal(entries: operation.slot.entries, transaction: moment.next)
            let result = draft(&journal)
            if sequencer.publish(journal, in: operation.slot, at: moment) { return result }
        }
    }

    /// Reads the map at one moment, outside a transaction. A claim keeps others from changing the
    /// claimed pages, but not from changing words of the map that tell of these and other pages.
    @inline(__always)
    func settled<Result>(_ read: () -> Result) -> Result {
        while true {
            let moment = sequencer.settle()
            let result = read()
            if sequencer.isStill(moment) { return result }
        }
    }

    /// The part of a run that begins at `page` and ends no later than `end`.
    func settledRun(from page: UInt, to end: UInt) -> Run {
        settled {
            let run = map.run(containing: page)
            let last = max(min(run.range.end, end), page &+ 1)
            return Run(range: PageRange(from: page, to: last), state: run.state)
        }
    }

    private func overcome(
        _ setback: Setback, since wakeUps: UInt64, _ operation: borrowing Operation
    ) throws(MemoryError) {
        switch setback {
        case .refused(let error): throw error
        case .blocked(let conflict):
            if conflict.holder == .ownThread { throw .operationInProgress }
            sleep(operation, until: conflict, since: wakeUps)
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

    /// Refuses with `.blocked` if another operation is changing pages of `range`.
    @inline(__always)
    func requireUnclaimed(
        _ range: PageRange, by operation: borrowing Operation
    ) throws(Setback) {
        if let conflict = map.claims.conflict(with: range, for: operation.thread) {
            throw .blocked(conflict)
        }
    }

    /// Drafts a claim of `range` for `operation`, or refuses with `.blocked`.
    @inline(__always)
    func claim(
        _ range: PageRange, for operation: borrowing Operation, _ journal: inout Journal
    ) throws(Setback) {
        try requireUnclaimed(range, by: operation)
        operation.slot.setClaim(range)
        journal.isClaiming = true
    }

    /// Ends the claim of `operation`.
    @inline(__always)
    func withdraw(_ operation: borrowing Operation) {
        map.claims.withdraw(operation.slot)
        claimWaiting.wakeAll()
    }

    /// Records `state` for every page of `range` and ends the claim, in one step if it fits.
    ///
    /// - Parameter charged: Pages whose charge is returned. Before the claim ends: a fork waits for
    ///   claims, and the child would never return it.
    @inline(__always)
    func record(
        _ operation: borrowing Operation, _ state: PageState, of range: PageRange,
        returning charged: UInt = 0, andWith finish: (inout Journal) -> Void
    ) {
        var rest = range
        while true {
            let reached = record(operation) { journal in
                let reached = map.setState(state, of: rest, &journal)
                if reached >= rest.end { finish(&journal) }
                return reached
            }
            if reached >= rest.end { break }
            rest = PageRange(from: max(reached, rest.start &+ 1), to: rest.end)
        }
        map.charge.remove(charged)
        withdraw(operation)
    }

    /// Charges pages that the operation has claimed; if that is refused, its claim ends.
    @inline(__always)
    func charge(
        _ pageCount: UInt, for operation: borrowing Operation
    ) throws(MemoryError) {
        do throws(MemoryError) {
            try map.charge.add(pageCount, limit: settings.commitLimit)
        } catch {
            withdraw(operation)
            throw error
        }
    }
}
