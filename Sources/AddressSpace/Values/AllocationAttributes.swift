// The attributes that all pages of an allocation share: how it was reserved. Stored once, at its base.

/// Who takes the addresses back when an allocation is released.
package enum Placement: UInt16 {
    /// Carved out of an arena; its addresses return there.
    case arena = 0
    /// A kernel mapping of its own; its addresses return to the kernel.
    case ownMapping = 1

    @inline(__always)
    init(bits: UInt16) { self = bits == Placement.arena.rawValue ? .arena : .ownMapping }
}

/// What an allocation is made of. So far only private memory and placeholders exist. The other numbers are
/// reserved, so that the layout of the tables need not change.
package enum AllocationKind: UInt16 {
    case privateMemory = 0
    case view = 1
    case image = 2
    /// Addresses without memory, which other allocations may replace (behaviour 10C).
    case placeholder = 3
    case physicalWindow = 4
    /// A view of which the process sees its own copy of each page it has written to.
    case copyOnWriteView = 5

    @inline(__always)
    init(bits: UInt16) { self = AllocationKind(rawValue: bits) ?? .privateMemory }

    /// The protection of a page whose `PageState` has this access. A state has no room for WRITECOPY. It needs
    /// none: where writes are copied, the pages that may be written are those with WRITECOPY.
    @inline(__always)
    package func protection(storedAs access: Protection) -> Protection {
        switch (self, access) {
        case (.copyOnWriteView, .readWrite), (.image, .readWrite): .writeCopy
        case (.copyOnWriteView, .executeReadWrite), (.image, .executeReadWrite): .executeWriteCopy
        default: access
        }
    }
}

/// Initial protection (AllocationProtect), placement, kind and history, packed into 16 bits.
package struct AllocationAttributes: Equatable {
    // Bits 0 to 2 are the access, 3 the guard, 4 and 5 the caching of the initial protection.
    private static let guardShift: UInt16 = 3
    private static let cachingShift: UInt16 = 4
    /// Two bits, of which one is used.
    private static let placementShift: UInt16 = 6
    private static let placementMask: UInt16 = 3 << 6
    private static let resetBit: UInt16 = 1 << 8
    private static let committedAtOnceBit: UInt16 = 1 << 9
    private static let kindShift: UInt16 = 10
    private static let kindMask: UInt16 = 7 << 10
    private static let placeholderReplacedBit: UInt16 = 1 << 13

    package let rawValue: UInt16

    @inline(__always)
    package init(rawValue: UInt16) { self.rawValue = rawValue }

    @inline(__always)
    package init(
        initialProtection: PageProtection, placement: Placement,
        kind: AllocationKind = .privateMemory
    ) {
        rawValue =
            UInt16(initialProtection.access.rawValue)
            | UInt16(initialProtection.guardState.rawValue) &<< AllocationAttributes.guardShift
            | UInt16(initialProtection.caching.rawValue) &<< AllocationAttributes.cachingShift
            | placement.rawValue &<< AllocationAttributes.placementShift
            | kind.rawValue &<< AllocationAttributes.kindShift
    }

    /// As passed to the reserving call; never changes afterwards (behaviour 3.19).
    @inline(__always)
    package var initialProtection: PageProtection {
        let low = UInt8(truncatingIfNeeded: rawValue)
        return PageProtection(
            Protection(lowBitsOf: low),
            guardState: low &>> UInt8(AllocationAttributes.guardShift) & 1 == 0 ? .off : .armed,
            caching: Caching(lowBitsOf: low &>> UInt8(AllocationAttributes.cachingShift)))
    }

    /// The protection of a committed page of the allocation.
    @inline(__always)
    package func protection(of state: PageState) -> PageProtection {
        PageProtection(
            kind.protection(storedAs: state.access), guardState: state.guardState,
            caching: initialProtection.caching)
    }

    @inline(__always)
    package var placement: Placement {
        Placement(
            bits: (rawValue & AllocationAttributes.placementMask)
                &>> AllocationAttributes.placementShift)
    }

    @inline(__always)
    package var kind: AllocationKind {
        AllocationKind(
            bits: (rawValue & AllocationAttributes.kindMask) &>> AllocationAttributes.kindShift)
    }

    /// Private memory carved out of an arena, of which no page was ever reset. A change of its pages concerns
    /// only the map and the kernel, not `NotedPages`.
    @inline(__always)
    package var isPlain: Bool {
        let special =
            AllocationAttributes.placementMask | AllocationAttributes.resetBit
            | AllocationAttributes.kindMask
        return rawValue & special == 0
    }

    /// True once a page was reset: `NotedPages` may then have bits to clear.
    @inline(__always)
    package var wasReset: Bool { rawValue & AllocationAttributes.resetBit != 0 }

    package var afterReset: AllocationAttributes {
        AllocationAttributes(rawValue: rawValue | AllocationAttributes.resetBit)
    }

    /// True if the allocation was reserved and committed in one call. The program probably makes the next one
    /// in the same way.
    @inline(__always)
    package var wasCommittedAtOnce: Bool {
        rawValue & AllocationAttributes.committedAtOnceBit != 0
    }

    @inline(__always)
    package var committedAtOnce: AllocationAttributes {
        AllocationAttributes(rawValue: rawValue | AllocationAttributes.committedAtOnceBit)
    }

    /// True if the allocation has replaced a placeholder, and may become one again (behaviour 10.20).
    package var hasReplacedPlaceholder: Bool {
        rawValue & AllocationAttributes.placeholderReplacedBit != 0
    }

    /// The attributes of an allocation that replaces this placeholder.
    package func replaced(by initialProtection: PageProtection) -> AllocationAttributes {
        let plain = AllocationAttributes(
            initialProtection: initialProtection, placement: placement)
        return AllocationAttributes(
            rawValue: plain.rawValue | AllocationAttributes.placeholderReplacedBit)
    }

    /// The attributes of a placeholder in the place of this allocation (behaviour 10.20).
    package var asPlaceholder: AllocationAttributes {
        AllocationAttributes(
            initialProtection: PageProtection(.noAccess), placement: placement, kind: .placeholder)
    }

    var inArena: AllocationAttributes {
        AllocationAttributes(rawValue: rawValue & ~AllocationAttributes.placementMask)
    }
}
