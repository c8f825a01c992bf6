// The only table between PAGE_* words and PageProtection.

import AddressSpace
import CWin32

extension PageProtection {
    private static let modifiers = DWORD(PAGE_GUARD | PAGE_NOCACHE | PAGE_WRITECOMBINE)

    /// Decodes an `flProtect` word.
    ///
    /// - Returns: `nil` unless it names exactly one base protection with modifiers that go together
    ///   (behaviour 3.11 to 3.16).
    @inline(__always)
    init?(flags: DWORD) {
        if flags == DWORD(PAGE_READWRITE) {
            self.init(.readWrite)
            return
        }
        self.init(checking: flags)
    }

    private init?(checking flags: DWORD) {
        var flags = flags
        var access = Protection.noAccess
        let targets = DWORD(PAGE_TARGETS_INVALID)
        let hasTargets = flags & targets != 0
        flags &= ~targets
        switch Int32(truncatingIfNeeded: flags & ~PageProtection.modifiers) {
        case PAGE_NOACCESS: access = .noAccess
        case PAGE_READONLY: access = .readOnly
        case PAGE_READWRITE: access = .readWrite
        case PAGE_WRITECOPY: access = .writeCopy
        case PAGE_EXECUTE: access = .execute
        case PAGE_EXECUTE_READ: access = .executeRead
        case PAGE_EXECUTE_READWRITE: access = .executeReadWrite
        case PAGE_EXECUTE_WRITECOPY: access = .executeWriteCopy
        default: return nil
        }
        if hasTargets && !access.allowsExecution { return nil }
        let modifiers = flags & PageProtection.modifiers
        // Each modifier excludes the others, and PAGE_NOACCESS excludes all of them.
        if modifiers & (modifiers &- 1) != 0 || (modifiers != 0 && access == .noAccess) {
            return nil
        }
        self.init(
            access, guardState: modifiers == DWORD(PAGE_GUARD) ? .armed : .off,
            caching: modifiers == DWORD(PAGE_NOCACHE)
                ? .uncached : modifiers == DWORD(PAGE_WRITECOMBINE) ? .writeCombined : .normal)
    }

    /// The `flProtect` word that VirtualQuery shows.
    @inline(__always)
    var flags: DWORD {
        let guarding = guardState == .armed ? DWORD(PAGE_GUARD) : 0
        // A page without access shows no caching (behaviour 3.15).
        return access.flag | guarding | (access == .noAccess ? 0 : caching.flag)
    }
}

extension Protection {
    @inline(__always)
    fileprivate var flag: DWORD {
        switch self {
        case .noAccess: DWORD(PAGE_NOACCESS)
        case .readOnly: DWORD(PAGE_READONLY)
        case .readWrite: DWORD(PAGE_READWRITE)
        case .writeCopy: DWORD(PAGE_WRITECOPY)
        case .execute: DWORD(PAGE_EXECUTE)
        case .executeRead: DWORD(PAGE_EXECUTE_READ)
        case .executeReadWrite: DWORD(PAGE_EXECUTE_READWRITE)
        case .executeWriteCopy: DWORD(PAGE_EXECUTE_WRITECOPY)
        }
    }
}

extension Caching {
    @inline(__always)
    fileprivate var flag: DWORD {
        switch self {
        case .normal: 0
        case .uncached: DWORD(PAGE_NOCACHE)
        case .writeCombined: DWORD(PAGE_WRITECOMBINE)
        }
    }
}
