// What every page of one allocation shares: how it was reserved. Stored once, at its base.

/// Who takes the addresses back when an allocation is released.
package enum Placement: UInt16 {
    /// Carved out of an arena; its addresses return there.
    case arena = 0
    /// A kernel mapping of its own; its addresses return to the kernel.
    case ownMapping = 1
}

/// Initial protection (AllocationProtect), placement and history, packed into 16 bits.
package struct AllocationAttributes: Equatable {
    package let rawValue: UInt16

    @inline(__always)
    package init(rawValue: UInt16) { self.rawValue = rawValue }

    @inline(__always)
    package init(initialProtection: PageProtection, placement: Placement) {
        rawValue =
            UInt16(initialProtection.access.rawValue)
            | UInt16(initialProtection.guardState.rawValue) &<< 3
            | UInt16(initialProtection.caching.rawValue) &<< 4
            | placement.rawValue &<< 6
    }

    /// As passed to the reserving call; never changes afterwards (behaviour 3.19).
    @inline(__always)
    package var initialProtection: PageProtection {
        let low = UInt8(truncatingIfNeeded: rawValue)
        return PageProtection(
            Protection(lowBitsOf: low),
            guardState: low & 0x08 == 0 ? .off : .armed,
            caching: Caching(lowBitsOf: low &>> 4))
    }

    /// True once a page was reset: NotedPages then has bits to clear.
    @inline(__always)
    package var wasReset: Bool { rawValue & 0x80 != 0 }

    package var afterReset: AllocationAttributes { AllocationAttributes(rawValue: rawValue | 0x80) }

    /// True if it was reserved and committed in one call: the next one of its kind will be, too.
    @inline(__always)
    package var wasCommittedAtOnce: Bool { rawValue & 0x100 != 0 }

    @inline(__always)
    package var committedAtOnce: AllocationAttributes {
        AllocationAttributes(rawValue: rawValue | 0x100)
    }

    var inArena: AllocationAttributes { AllocationAttributes(rawValue: rawValue & ~0x40) }

    @inline(__always)
    package var placement: Placement { rawValue & 0x40 == 0 ? .arena : .ownMapping }
}
