// Finds what is mapped at pages that the map calls free. A mapping that an operation of ours is making or
// unmapping must not be taken for a foreign one; such an operation has its claim from before its kernel call
// until after its record.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// What is at a page. It ends at `through` or before.
    enum Sight {
        /// Memory of an allocation or an arena of ours.
        case ours(Region)
        /// Free or foreign memory, with the first mapping that ends after the start of the page.
        case outside(ForeignMapping?, through: UInt)
        /// An operation has claimed the page and not recorded yet: the page counts as free.
        case inWork(by: ClaimConflict.Holder, through: UInt)
    }

    /// How often the query looks again while another thread's operation has claimed the page: first at once,
    /// then after a pause each time. Not for ever, because the caller itself may have stopped that thread.
    private static var mostLooks: Int { mostLooksAtOnce + 40 }
    private static var mostLooksAtOnce: Int { 16 }
    private static var pauseNanoseconds: Int64 { 250_000 }

    /// Looks at `page`.
    ///
    /// - Complexity: One search of the mappings, unless an operation is changing the page. Lock-free.
    @inline(never)
    func look(at page: UInt, in mappings: inout ForeignMappings) -> Sight {
        prepare()
        var looksLeft = MemoryManager.mostLooks
        var sight = glimpse(of: page, in: &mappings)
        while true {
            switch sight {
            case .some(.inWork(by: .otherThread, _)) where looksLeft > 0:
                looksLeft &-= 1
                letGoOn(looksLeft)
            case .some(let certain): return certain
            case nil: break
            }
            sight =
                lookUnderClaim(at: page, in: &mappings) ?? glimpse(of: page, in: &mappings)
        }
    }

    /// Lets the other thread run.
    private func letGoOn(_ looksLeft: Int) {
        if looksLeft >= MemoryManager.mostLooks &- MemoryManager.mostLooksAtOnce {
            CurrentThread.yield()
        } else {
            CurrentThread.sleep(until: KernelClock.monotonic &+ MemoryManager.pauseNanoseconds)
        }
    }

    /// Looks without a claim.
    ///
    /// - Returns: `nil` if the mapping there may be one of ours.
    @inline(never)
    private func glimpse(of page: UInt, in mappings: inout ForeignMappings) -> Sight? {
        var moment: Sequencer.Moment
        var region: Region
        repeat {
            moment = sequencer.settle()
            region = map.region(from: page)
        } while !sequencer.isStill(moment)
        let end = region.range.end
        if region.state != .unowned { return .ours(region) }
        let mapping = mappings.first(atOrAfter: Page.address(of: page))
        guard let mapping, mapping.start <= Page.address(of: page), mapping.mayBeOurs else {
            return .outside(mapping, through: end)
        }
        if let work = map.claims.work(at: page, for: CurrentThread.identifier) {
            return .inWork(by: work.holder, through: min(work.range.end, end))
        }
        // If an operation of ours made the mapping and its claim has ended, it was recorded, and the moment
        // is past.
        return sequencer.isStill(moment) ? .outside(mapping, through: end) : nil
    }

    /// Looks under a claim, so that no other operation can begin to change the page.
    ///
    /// - Returns: `nil` if another operation has claimed the page, the map has changed, or all slots are
    ///   taken.
    private func lookUnderClaim(
        at page: UInt, in mappings: inout ForeignMappings
    ) -> Sight? {
        guard let operation = beginUnlessCrowded() else { return nil }
        let moment = sequencer.settle()
        let region = map.region(from: page)
        let one = PageRange(from: page, to: page &+ 1)
        guard region.state == .unowned, tryClaim(one, for: operation, at: moment) else {
            return nil
        }
        let mapping = mappings.first(atOrAfter: Page.address(of: page))
        withdraw(operation)
        return .outside(mapping, through: region.range.end)
    }
}
