// The only place that decodes `flAllocationType` words.

import AddressSpace
import CWin32
import MemoryManager

/// Which allocation types a function knows.
enum AllocationInterface {
    case plain
    /// Placeholders too: VirtualAlloc2 and NtAllocateVirtualMemoryEx.
    case extended
}

/// The operation that a call of VirtualAlloc requests.
enum AllocationRequest {
    /// Commits pages of an existing reservation, or of a new one if no address is given.
    case commit
    case reserve(CommitTiming)
    /// Reserves pages in the place of a placeholder.
    case replace(CommitTiming)
    case reset
    case undoReset
    /// Legal, but refused: large pages, which need a privilege that no process here has.
    case largePages
    /// Legal, but not implemented: write watch, physical pages.
    case unsupported
}

extension AllocationRequest {
    private static let base = DWORD(MEM_COMMIT | MEM_RESERVE)
    private static let known =
        DWORD(MEM_COMMIT | MEM_RESERVE | MEM_RESET | MEM_TOP_DOWN)
        | DWORD(MEM_WRITE_WATCH | MEM_PHYSICAL | MEM_RESET_UNDO | MEM_LARGE_PAGES)

    /// Decodes `flAllocationType` (behaviour 3B).
    ///
    /// - Returns: `nil` for a combination that Windows calls malformed.
    @inline(__always)
    init?(flags: DWORD, protection: PageProtection) {
        switch flags & ~DWORD(MEM_TOP_DOWN) {
        case DWORD(MEM_COMMIT): self = .commit
        case DWORD(MEM_RESERVE): self = .reserve(.later)
        case DWORD(MEM_COMMIT | MEM_RESERVE): self = .reserve(.atOnce)
        default: self.init(special: flags, protection)
        }
    }

    /// Decodes the type for a function of `interface`.
    init?(flags: DWORD, protection: PageProtection, of interface: AllocationInterface) {
        switch (flags & AllocationRequest.placeholders, interface) {
        case (DWORD(MEM_RESERVE_PLACEHOLDER), .extended):
            // Behaviour 10.12, A10.6.
            let type = flags & ~DWORD(MEM_RESERVE_PLACEHOLDER | MEM_TOP_DOWN)
            if type != DWORD(MEM_RESERVE) || protection != PageProtection(.noAccess) { return nil }
            self = .reserve(.never)
        case (DWORD(MEM_REPLACE_PLACEHOLDER), .extended):
            // Behaviour 10.16, 10.18.
            if flags & DWORD(MEM_RESERVE) == 0 { return nil }
            self.init(flags: flags & ~DWORD(MEM_REPLACE_PLACEHOLDER), protection: protection)
            if case .reserve(let backed) = self { self = .replace(backed) }
        default: self.init(flags: flags, protection: protection)
        }
    }

    private static let placeholders = DWORD(MEM_RESERVE_PLACEHOLDER | MEM_REPLACE_PLACEHOLDER)

    private init?(special flags: DWORD, _ protection: PageProtection) {
        if flags & ~AllocationRequest.known != 0 { return nil }
        if flags == DWORD(MEM_RESET) {
            self = .reset
            return
        }
        if flags == DWORD(MEM_RESET_UNDO) {
            self = .undoReset
            return
        }
        let isReset = flags & DWORD(MEM_RESET | MEM_RESET_UNDO) != 0
        if isReset || flags & AllocationRequest.base == 0 { return nil }
        let isWatched = flags & DWORD(MEM_WRITE_WATCH) != 0
        let isPhysical = flags & DWORD(MEM_PHYSICAL) != 0
        let isReserving = flags & DWORD(MEM_RESERVE) != 0
        if flags & DWORD(MEM_LARGE_PAGES) != 0 {
            if isPhysical || isWatched || flags & DWORD(MEM_COMMIT) == 0 { return nil }
            self = .largePages
            return
        }
        if isPhysical {
            let allowed = DWORD(MEM_RESERVE | MEM_PHYSICAL | MEM_TOP_DOWN)
            if !isReserving || flags & ~allowed != 0 { return nil }
            if protection != PageProtection(.readWrite) { return nil }
        } else if isWatched && !isReserving {
            return nil
        }
        self = .unsupported
    }
}
