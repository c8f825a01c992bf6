// MEM_* words by value (behaviour 3B).

import AddressSpace
import CWin32
import MemoryManager
import Testing

@testable import Win32

@Suite("Allocation types")
struct AllocationTypeTests {
    private static let commit: DWORD = 0x1000
    private static let reserve: DWORD = 0x2000
    private static let reset: DWORD = 0x8_0000
    private static let topDown: DWORD = 0x10_0000
    private static let writeWatch: DWORD = 0x20_0000
    private static let physical: DWORD = 0x40_0000
    private static let undoReset: DWORD = 0x100_0000
    private static let largePages: DWORD = 0x2000_0000

    private func decoded(_ flags: DWORD, _ access: Protection = .readWrite) -> String? {
        AllocationRequest(flags: flags, protection: PageProtection(access)).map { "\($0)" }
    }

    @Test("commit and reserve may be alone or together, from the bottom or from the top")
    func usual() {
        for direction in [0, Self.topDown] {
            #expect(decoded(Self.commit | direction) == "commit")
            #expect(decoded(Self.reserve | direction) == "\(AllocationRequest.reserve(.later))")
            #expect(
                decoded(Self.commit | Self.reserve | direction)
                    == "\(AllocationRequest.reserve(.atOnce))")
        }
    }

    @Test("reset and its undo allow no other bits")
    func resets() {
        #expect(decoded(Self.reset) == "reset")
        #expect(decoded(Self.undoReset) == "undoReset")
        for bit in DWORD(0)..<32 where 1 << bit != Self.reset && 1 << bit != Self.undoReset {
            #expect(decoded(Self.reset | 1 << bit) == nil, "bit \(bit)")
            #expect(decoded(Self.undoReset | 1 << bit) == nil, "bit \(bit)")
        }
        #expect(decoded(Self.reset | Self.undoReset) == nil)
    }

    @Test("an allocation type must commit or reserve")
    func nothing() {
        for flags in [
            0, Self.topDown, Self.writeWatch, Self.physical, Self.largePages,
            Self.topDown | Self.writeWatch,
        ] {
            #expect(decoded(flags) == nil, "\(flags)")
        }
    }

    @Test("unknown bits are malformed, whatever the known ones are")
    func unknown() {
        let known =
            Self.commit | Self.reserve | Self.reset | Self.topDown | Self.writeWatch
            | Self.physical | Self.undoReset | Self.largePages
        for bit in DWORD(0)..<32 where known & 1 << bit == 0 {
            #expect(decoded(Self.commit | Self.reserve | 1 << bit) == nil, "bit \(bit)")
        }
    }

    @Test("large pages must be reserved and committed in one call")
    func large() {
        #expect(decoded(Self.commit | Self.largePages) == "largePages")
        #expect(decoded(Self.commit | Self.reserve | Self.largePages) == "largePages")
        #expect(decoded(Self.reserve | Self.largePages) == nil)
        for other in [Self.physical, Self.writeWatch] {
            #expect(decoded(Self.commit | Self.reserve | Self.largePages | other) == nil)
        }
    }

    @Test("physical memory must be reserved read-write and not committed")
    func physicalMemory() {
        #expect(decoded(Self.reserve | Self.physical) == "unsupported")
        #expect(decoded(Self.reserve | Self.physical | Self.topDown) == "unsupported")
        #expect(decoded(Self.reserve | Self.physical, .readOnly) == nil)
        for other in [Self.commit, Self.writeWatch] {
            #expect(decoded(Self.reserve | Self.physical | other) == nil)
        }
        #expect(decoded(Self.commit | Self.physical) == nil)
    }

    private static let reservePlaceholder: DWORD = 0x4_0000
    private static let replacePlaceholder: DWORD = 0x4000

    private func extended(_ flags: DWORD, _ access: Protection = .readWrite) -> String? {
        AllocationRequest(flags: flags, protection: PageProtection(access), of: .extended)
            .map { "\($0)" }
    }

    // Source: behaviour 10.12, A10.6.
    @Test("a placeholder is reserved without access, and without anything else")
    func placeholders() {
        let type = Self.reserve | Self.reservePlaceholder
        #expect(extended(type, .noAccess) == "\(AllocationRequest.reserve(.never))")
        #expect(
            extended(type | Self.topDown, .noAccess) == "\(AllocationRequest.reserve(.never))")
        #expect(extended(type) == nil)
        for other in [
            Self.commit, Self.writeWatch, Self.physical, Self.largePages, Self.reset, 0x4000, 1, 2,
        ] {
            #expect(extended(type | other, .noAccess) == nil, "\(other)")
        }
        #expect(extended(Self.reservePlaceholder, .noAccess) == nil)
        #expect(extended(Self.commit | Self.reservePlaceholder, .noAccess) == nil)
    }

    // Source: behaviour 10.16, 10.18.
    @Test("what replaces a placeholder is a reservation, committed or not")
    func replacements() {
        let type = Self.reserve | Self.replacePlaceholder
        #expect(extended(type) == "\(AllocationRequest.replace(.later))")
        #expect(extended(type | Self.topDown) == "\(AllocationRequest.replace(.later))")
        #expect(extended(type | Self.commit) == "\(AllocationRequest.replace(.atOnce))")
        #expect(extended(type | Self.writeWatch) == "unsupported")
        #expect(extended(Self.replacePlaceholder) == nil)
        #expect(extended(Self.commit | Self.replacePlaceholder) == nil)
        #expect(extended(type | Self.reset) == nil)
    }

    @Test("only the extended functions know placeholders")
    func plainFunctions() {
        for type in [
            Self.reserve | Self.reservePlaceholder, Self.reserve | Self.replacePlaceholder,
        ] {
            let protection = PageProtection(.noAccess)
            #expect(AllocationRequest(flags: type, protection: protection) == nil)
            #expect(AllocationRequest(flags: type, protection: protection, of: .plain) == nil)
        }
        #expect(extended(Self.commit) == "commit")
    }

    // Source: behaviour 4.2, 4.3, 10.14, 10.22.
    @Test("a free type is exactly one of four, and placeholders need a size")
    func freeTypes() {
        let valid: [DWORD: FreeRequest] = [
            0x4000: .decommit, 0x8000: .release, 0x8001: .coalescePlaceholders,
            0x8002: .preservePlaceholder,
        ]
        for flags in (DWORD(0)..<0x1_0004).filter({ $0 & 0x3FFC == 0 }) {
            #expect(FreeRequest(flags: flags) == valid[flags], "\(flags)")
        }
        #expect(FreeRequest.decommit.allows(byteCount: 0))
        #expect(FreeRequest.decommit.allows(byteCount: 1))
        #expect(FreeRequest.release.allows(byteCount: 0))
        #expect(!FreeRequest.release.allows(byteCount: 1))
        for request in [FreeRequest.preservePlaceholder, .coalescePlaceholders] {
            #expect(request.allows(byteCount: 1) && !request.allows(byteCount: 0))
        }
    }

    @Test("write watch needs a reservation")
    func watched() {
        #expect(decoded(Self.reserve | Self.writeWatch) == "unsupported")
        #expect(decoded(Self.commit | Self.reserve | Self.writeWatch) == "unsupported")
        #expect(decoded(Self.commit | Self.writeWatch) == nil)
    }
}
