// The access that a page allows, as closed types: every value is legal. The PAGE_* words of the C interface
// are translated in Win32/ProtectionFlags.swift and nowhere else.

/// The eight base protections. Raw values fit three bits; those of private memory come first, because a
/// `PageState` has room for no others.
package enum Protection: UInt8 {
    case noAccess = 0
    case readOnly = 1
    case readWrite = 2
    case execute = 3
    case executeRead = 4
    case executeReadWrite = 5
    /// Views and images only; never legal for private memory.
    case writeCopy = 6
    case executeWriteCopy = 7

    @inline(__always)
    package init(lowBitsOf raw: UInt8) {
        switch raw & 7 {
        case 0: self = .noAccess
        case 1: self = .readOnly
        case 2: self = .readWrite
        case 3: self = .execute
        case 4: self = .executeRead
        case 5: self = .executeReadWrite
        case 6: self = .writeCopy
        default: self = .executeWriteCopy
        }
    }

    package var allowsExecution: Bool {
        rawValue >= Protection.execute.rawValue && self != .writeCopy
    }
    package var isCopyOnWrite: Bool { self == .writeCopy || self == .executeWriteCopy }
}

/// Whether the first access to a page is to raise a guard-page exception (behaviour 8.1).
package enum Guard: UInt8 {
    case off = 0
    case armed = 1
}

/// How a whole private allocation is cached; fixed by its reservation (behaviour 3.20, 3.21).
package enum Caching: UInt8 {
    case normal = 0
    case uncached = 1
    case writeCombined = 2

    @inline(__always)
    package init(lowBitsOf raw: UInt8) {
        switch raw & 3 {
        case 1: self = .uncached
        case 2: self = .writeCombined
        default: self = .normal
        }
    }
}

/// A protection with its modifiers: all that one `flProtect` word says.
package struct PageProtection: Equatable {
    package var access: Protection
    package var guardState: Guard
    package var caching: Caching

    package init(_ access: Protection, guardState: Guard = .off, caching: Caching = .normal) {
        self.access = access
        self.guardState = guardState
        self.caching = caching
    }
}
