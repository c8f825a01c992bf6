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

    @Test("write watch needs a reservation")
    func watched() {
        #expect(decoded(Self.reserve | Self.writeWatch) == "unsupported")
        #expect(decoded(Self.commit | Self.reserve | Self.writeWatch) == "unsupported")
        #expect(decoded(Self.commit | Self.writeWatch) == nil)
    }
}
