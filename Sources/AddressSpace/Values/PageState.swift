// The state of one page in five bits, so that six of them fit a word of the tables. Only AddressMap
// stores it; only Win32 and LinuxKernel look inside, each in its own words.

/// Free, reserved or committed; if committed, with which protection.
///
/// `available` is free space inside an arena: free to every caller, but its addresses belong to us.
/// The distinction never leaves the library.
package struct PageState: Equatable {
    package let rawValue: UInt8

    @inline(__always)
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Free, and not ours: mappings of others may be there. Zero, because fresh storage is zero.
    package static let unowned = PageState(rawValue: 0)
    /// Free, inside an arena of ours.
    package static let available = PageState(rawValue: 1)
    package static let reserved = PageState(rawValue: 2)
    /// Reserved by a placeholder: cannot be committed. A state of its own, so that the fast paths, which look at
    /// states only, leave it alone.
    package static let placeholder = PageState(rawValue: 3)

    private static let lockedBit: UInt8 = 0x01
    private static let guardBit: UInt8 = 0x02
    /// The lowest committed state. Each protection has four values: bit 0 is locked, bit 1 is guard.
    private static let firstCommitted: UInt8 = 8

    /// - Parameter access: One that private memory may have.
    @inline(__always)
    package static func committed(_ access: Protection, _ guardState: Guard = .off) -> PageState {
        assert(!access.isCopyOnWrite, "only views copy on write")
        return PageState(
            rawValue: firstCommitted &+ (access.rawValue &<< 2) | (guardState.rawValue &<< 1))
    }

    /// Committed read-write, and offered to the system: inaccessible, and its contents may be dropped, until
    /// it is reclaimed. It has the value that PAGE_NOACCESS with PAGE_GUARD would have; these exclude each
    /// other (behaviour 3.15).
    package static let offered = PageState(
        rawValue: firstCommitted &+ (Protection.noAccess.rawValue &<< 2) | guardBit)

    /// Free, as far as callers can see.
    @inline(__always) package var isFree: Bool { rawValue < 2 }
    /// Reserved, as far as callers can see.
    @inline(__always) package var isReserved: Bool { rawValue & ~1 == 2 }
    @inline(__always) package var isCommitted: Bool { rawValue >= PageState.firstCommitted }
    /// Kept in RAM by VirtualLock.
    @inline(__always) package var isLocked: Bool {
        isCommitted && rawValue & PageState.lockedBit != 0
    }

    /// Meaningful for committed pages only.
    @inline(__always) package var access: Protection {
        Protection(lowBitsOf: (rawValue &- PageState.firstCommitted) &>> 2)
    }
    @inline(__always)
    package var guardState: Guard {
        rawValue & PageState.guardBit == 0 || rawValue == PageState.offered.rawValue ? .off : .armed
    }

    /// Meaningful for committed pages only.
    package var locked: PageState { PageState(rawValue: rawValue | PageState.lockedBit) }
    package var unlocked: PageState {
        isCommitted ? PageState(rawValue: rawValue & ~PageState.lockedBit) : self
    }
    /// Meaningful for committed pages only.
    package var disarmed: PageState { PageState(rawValue: rawValue & ~PageState.guardBit) }

    /// The protection that the hardware must enforce: an armed guard page allows no access.
    @inline(__always)
    package var enforced: Protection { guardState == .armed ? .noAccess : access }

    /// Two pages that a caller cannot tell apart belong to one region (behaviour 6.5).
    @inline(__always)
    package func looksLike(_ other: PageState) -> Bool {
        unlocked == other.unlocked
    }
}
