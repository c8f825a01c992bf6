// The protocol of every operation that changes pages.
//
//   decide   On the map of one moment: checks the request and names the pages to claim, or refuses.
//   claim    An empty transaction. From now on no other operation changes these pages.
//   act      Calls the kernel. If it refuses, everything is put back, and the claim ends.
//   record   One transaction, or several if many runs change. Cannot be refused.
//
// The short way makes two savings. The record is drafted before the claim, and is valid if no other
// transaction came in between. And the act is a single system call that can be repeated, so a process of one
// thread need not hold signals back.

import AddressSpace
import LinuxKernel

/// The pages that an operation claims, and the way it takes.
struct Claim {
    enum Way {
        /// The record is drafted ahead; the act is one call that may be repeated.
        case short
        case long
    }

    let pages: PageRange
    let way: Way

    @inline(__always)
    static func short(_ pages: PageRange) -> Claim { Claim(pages: pages, way: .short) }

    @inline(__always)
    static func long(_ pages: PageRange) -> Claim { Claim(pages: pages, way: .long) }
}

/// Why an operation fails that already holds its claim.
enum Refusal: Error {
    case kernel(KernelError)
    case memory(MemoryError)
}

extension Refusal {
    /// Makes a kernel call under a claim.
    @inline(__always)
    static func of(_ call: () throws(KernelError) -> Void) throws(Refusal) {
        do throws(KernelError) { try call() } catch { throw .kernel(error) }
    }
}

extension MemoryManager {
    /// Changes pages by the protocol above.
    ///
    /// - Parameters:
    ///   - decide: Returns the claim. May run more than once, and may read an inconsistent map; its result is
    ///     then discarded. It must terminate on any map, and its only effect must be the journal, which for
    ///     the short way is the whole record. Must choose the long way if its argument says so. `nil` ends
    ///     the call; nothing was changed then.
    ///   - act: Under the claim. May charge pages (`charge`) and promise to return some
    ///     (`returnCharge`).
    ///   - record: Drafts the record of a claim from a page on (zero at first). Returns the page that it
    ///     reached; `.max` if the record is complete. May run more than once for the same page.
    /// - Returns: The claim under which the pages were changed; `nil` if `decide` ended the call.
    @inline(never)
    func change(
        _ operation: consuming Operation,
        _ decide: (Claim.Way, inout Journal) throws(Setback) -> Claim?,
        act: (Claim, OperationSlot) throws(Refusal) -> Void,
        record: (Claim, UInt, inout Journal) -> UInt
    ) throws(MemoryError) -> Claim? {
        try changeInLine(operation, decide, act: act, record: record)
    }

    /// Same as `change`, in line, for calls where every instruction counts.
    @inline(__always)
    func changeInLine(
        _ operation: consuming Operation,
        _ decide: (Claim.Way, inout Journal) throws(Setback) -> Claim?,
        act: (Claim, OperationSlot) throws(Refusal) -> Void,
        record: (Claim, UInt, inout Journal) -> UInt
    ) throws(MemoryError) -> Claim? {
        var operation = operation
        var way = Claim.Way.short
        var triesLeft = MemoryManager.mostTriesForRoom
        while true {
            let wakeUps = claimWaiting.wakeUpCount
            let moment = sequencer.settle()
            var journal = unsafe Journal(
                entries: operation.slot.entries, transaction: moment.following.next)
            let claim: Claim
            do throws(Setback) {
                guard let decided = try decide(way, &journal) else {
                    if sequencer.isStill(moment) { return nil }
                    continue
                }
                claim = decided
                try requireUnclaimed(claim.pages, by: operation.thread)
            } catch {
                if sequencer.isStill(moment) { try overcome(error, since: wakeUps, &operation) }
                continue
            }
            if !operation.isInForce {
                // It was revoked during its last attempt. A draft in another slot would not be its own.
                reclaim(&operation)
                continue
            }
            if claim.way == .long { operation.holdSignals() }
            operation.slot.setClaim(claim.pages)
            map.claims.announce(operation.slot)
            if !sequencer.advance(from: moment) {
                withdraw(operation)
                continue
            }
            do throws(Refusal) {
                try act(claim, operation.slot)
            } catch {
                try abandon(claim, error, &operation, &triesLeft)
                // The long way may be tried several times.
                way = .long
                continue
            }
            let isRecorded =
                claim.way == .short
                && sequencer.publish(journal, in: operation.slot, at: moment.following)
            if !isRecorded && !recordLate(operation, claim, record) {
                resume(&operation, claim.pages)
                continue
            }
            assert(isInOrder(claim))
            settleCharge(of: operation.slot)
            withdraw(operation)
            return claim
        }
    }

    /// For debug builds: whether the invariants hold around a change that was just recorded. A violation does
    /// not count if another transaction came in between.
    private func isInOrder(_ claim: Claim) -> Bool {
        let moment = sequencer.settle()
        if case .some = map.brokenInvariant(around: claim.pages) {
            return !sequencer.isStill(moment)
        }
        return true
    }

    /// Drafts and publishes a record that was not drafted ahead, or whose draft is no longer valid.
    ///
    /// - Returns: False if the operation was revoked.
    @inline(never)
    private func recordLate(
        _ operation: borrowing Operation, _ claim: Claim,
        _ draft: (Claim, UInt, inout Journal) -> UInt
    ) -> Bool {
        var page: UInt = 0
        while operation.isInForce {
            let moment = sequencer.settle()
            var journal = unsafe Journal(
                entries: operation.slot.entries, transaction: moment.next)
            let reached = draft(claim, page, &journal)
            if !sequencer.publish(journal, in: operation.slot, at: moment) { continue }
            if reached == .max { return true }
            page = reached
        }
        return false
    }

    /// How often an operation makes room and tries again after the kernel has refused for want of room.
    static var mostTriesForRoom: Int { 4 }

    /// After a refusal: puts everything back, and throws unless the operation is to be tried again.
    @inline(never)
    @_optimize(size)
    private func abandon(
        _ claim: Claim, _ refusal: Refusal, _ operation: inout Operation, _ triesLeft: inout Int
    ) throws(MemoryError) {
        let pages = claim.pages
        if !operation.isInForce { return resume(&operation, pages) }
        refundPendingCharge(of: operation.slot)
        switch refusal {
        case .memory(let error):
            withdraw(operation)
            throw error
        case .kernel(let error):
            restore(pages)
            withdraw(operation)
            if claim.way == .short { return }
            triesLeft &-= 1
            if triesLeft < 0 { throw self.refusal(of: error) }
            var isWorthAnotherTry = false
            let thread = operation.thread
            operation.withoutSlot {
                isWorthAnotherTry = makeMappings(after: error)
            } again: {
                takeAnySlot(for: thread)
            }
            if !isWorthAnotherTry { throw self.refusal(of: error) }
        }
    }

    /// Ends the claim of `operation`.
    @inline(__always)
    func withdraw(_ operation: borrowing Operation) {
        map.claims.withdraw(operation.slot)
        claimWaiting.wakeAll()
    }

    /// The error that the caller gets for a refusal of the kernel.
    func refusal(of error: KernelError) -> MemoryError {
        switch error {
        case .exists: .rangeConflicts
        case .outOfMemory where settings.isOvercommitStrict: .commitLimitReached
        default: .outOfAddressSpace
        }
    }
}

// MARK: - Commit charge

extension MemoryManager {
    /// Charges pages that the operation of `slot` has claimed.
    @inline(__always)
    func charge(_ pageCount: UInt, to slot: OperationSlot) throws(Refusal) {
        do throws(MemoryError) {
            try map.charge.add(pageCount, limit: settings.commitLimit)
        } catch {
            throw .memory(error)
        }
        slot.pendingCharge = Int(bitPattern: pageCount)
    }

    /// Makes `settleCharge` return the charge of pages that the record decommits.
    @inline(__always)
    func returnCharge(of pageCount: UInt, from slot: OperationSlot) {
        slot.pendingCharge = 0 &- Int(bitPattern: pageCount)
    }

    /// Refunds what the operation of `slot` has charged; forgets what it has promised to return.
    func refundPendingCharge(of slot: OperationSlot) {
        let charged = slot.takePendingCharge()
        if charged > 0 { map.charge.refund(UInt(charged)) }
    }

    /// Called after the record: keeps what `act` charged, or returns the charge of decommitted pages. Called
    /// before the claim ends, because a fork waits for claims: the child of a fork in between would never
    /// return the charge.
    @inline(__always)
    private func settleCharge(of slot: OperationSlot) {
        let pending = slot.takePendingCharge()
        if pending < 0 { map.charge.remove(UInt(bitPattern: 0 &- pending)) }
    }
}
