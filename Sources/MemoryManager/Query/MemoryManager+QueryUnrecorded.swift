// What is at pages that are not ours, told without mistaking for another's what a call of ours is just
// making or unmapping. Such a call has its claim from before it calls the kernel until it has recorded.

import AddressSpace
import LinuxKernel

extension MemoryManager {
    /// What is at a page; `through` is where it ends at the latest.
    enum Sight {
        /// Memory of an allocation or an arena of ours.
        case ours(Region)
        /// Nothing, or another's memory: the first mapping that reaches beyond the beginning of the page.
        case outside(ForeignMapping?, through: UInt)
        /// An operation is at it, and has not recorded anything: it is free, as far as can be told.
        case inWork(by: ClaimConflict.Holder, through: UInt)
    }

    /// How often to look while another thread's operation is at the page: at once, and then after a
    /// pause each. Not for ever: that thread may have been stopped by who asks.
    private static var mostLooks: Int { mostLooksAtOnce + 40 }
    private static var mostLooksAtOnce: Int { 16 }
    private static var pauseNanoseconds: Int64 { 250_000 }

    /// Looks at `page`.
    ///
    /// - Complexity: One look at the mappings, unless somebody is just changing something. Lock-free.
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

    /// Lets the other thread go on.
    private func letGoOn(_ looksLeft: Int) {
        if looksLeft >= MemoryManager.mostLooks &- MemoryManager.mostLooksAtOnce {
            CurrentThread.yield()
        } else {
            CurrentThread.sleep(until: KernelClock.monotonic &+ MemoryManager.pauseNanoseconds)
        }
    }

    /// Looks without keeping anybody from anything.
    ///
    /// - Returns: `nil` if what the kernel has there may be of our making.
    @inline(never)
    private func glimpse(of page: UInt, in mappings: inout ForeignMappings) -> Sight? {
        var moment: Sequencer.Moment
        var region: Region
        repeat {
            moment = sequencer.settle()
            region = map.region(from: page)
        } while !sequencer.isStill(moment)
        let end = region.range.end
        if region.state != .free { return .ours(region) }
        let mapping = mappings.first(atOrAfter: Page.address(of: page))
        guard let mapping, mapping.start <= Page.address(of: page), mapping.mayBeOurs else {
            return .outside(mapping, through: end)
        }
        if let work = map.claims.work(at: page, for: CurrentThread.identifier) {
            return .inWork(by: work.holder, through: min(work.range.end, end))
        }
        // Whoever was at it and has ended, has recorded, which is another moment.
        return sequencer.isStill(moment) ? .outside(mapping, through: end) : nil
    }

    /// Looks while nobody else may begin at the page.
    ///
    /// - Returns: `nil` if somebody has begun already, or all slots are taken.
    private func lookUnderClaim(
        at page: UInt, in mappings: inout ForeignMappings
    ) -> Sight? {
        guard let operation = beginUnlessCrowded() else { return nil }
        let moment = sequencer.settle()
        let region = map.region(from: page)
        let one = PageRange(from: page, to: page &+ 1)
        guard region.state == .free, tryClaim(one, for: operation, at: moment) else { return nil }
        let mapping = mappings.first(atOrAfter: Page.address(of: page))
        withdraw(operation)
        return .outside(mapping, through: region.range.end)
    }
}
