// The mapped backing's way for small blocks that come and go whole: a mapping is made where the last
// one was, and unmapped again, so that the kernel need not cut and join the arena's mapping around
// it. In between the place is free to all, and remembered (VacatedPlaces.swift).

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// Reserves a place that this thread has vacated, and commits it for reading and writing.
    ///
    /// - Returns: Its address; `nil` if there is none of the size, or somebody else has it now; then
    ///   nothing was done.
    @_optimize(size)
    func reserveVacated(_ pageCount: UInt) throws(MemoryError) -> UInt? {
        let operation = begin()
        guard let place = map.vacated.take(for: operation.thread, pageCount: pageCount) else {
            return nil
        }
        do throws(MemoryError) {
            if try reserve(place.range, operation) {
                place.room.leaveEmpty()
                return place.range.base
            }
        } catch {
            place.putBack()
            throw error
        }
        if settled({ map.freeState(of: place.range) }) == .available {
            // An arena has grown over it.
            place.room.leaveEmpty()
        } else {
            place.putBack()
        }
        return nil
    }

    /// - Returns: False if the place is not free; then nothing was done.
    @_optimize(size)
    private func reserve(
        _ range: PageRange, _ operation: borrowing Operation
    ) throws(MemoryError) -> Bool {
        let attributes = AllocationAttributes(
            initialProtection: PageProtection(.readWrite), placement: .arena)
        let state = PageState.committed(.readWrite)
        let moment = sequencer.settle()
        var journal = draft(behindClaimOf: operation, at: moment)
        guard map.freeState(of: range) == .free, map.isGlance(range) else { return false }
        map.reserve(range, attributes, as: state, in: .free, &journal)
        guard tryClaim(range, for: operation, at: moment) else { return false }
        try charge(range.pageCount, for: operation)
        do throws(KernelError) { try Mapping.makeReadWrite(range) } catch {
            // Somebody else has mapped something there; or the kernel maps no more, and the usual way
            // will tell.
            map.charge.refund(range.pageCount)
            withdraw(operation)
            return false
        }
        backing.populate(range)
        if !sequencer.publish(journal, in: operation.slot, at: moment.following) {
            record(operation) { map.reserve(range, attributes, as: state, in: .free, &$0) }
        }
        withdraw(operation)
        return true
    }

    /// Releases a small allocation that is committed, readable and writable all over, and unmaps it.
    ///
    /// - Returns: False if it is not that simple, or enough places are vacated; then nothing was done.
    @_optimize(size)
    func vacate(allocationBasedAt page: UInt) -> Bool {
        let operation = begin()
        guard let room = map.vacated.room(for: operation.thread) else { return false }
        guard let range = vacate(page, operation) else {
            room.leaveEmpty()
            return false
        }
        room.fill(range)
        return true
    }

    @_optimize(size)
    private func vacate(_ page: UInt, _ operation: borrowing Operation) -> PageRange? {
        let moment = sequencer.settle()
        var journal = draft(behindClaimOf: operation, at: moment)
        guard let range = map.allocationAtAGlance(basedAt: page, in: .committed(.readWrite)) else {
            return nil
        }
        map.setFree(range, to: .free, &journal)
        guard tryClaim(range, for: operation, at: moment) else { return nil }
        takeApartHugePages(at: range)
        do throws(KernelError) { try Mapping.release(range) } catch {
            // The usual way will tell why.
            withdraw(operation)
            return nil
        }
        if !sequencer.publish(journal, in: operation.slot, at: moment.following) {
            record(operation) { map.setFree(range, to: .free, &$0) }
        }
        map.charge.remove(range.pageCount)
        withdraw(operation)
        return range
    }
}
