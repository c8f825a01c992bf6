// Consuming armed guard pages.

import AddressSpace
import Synchronization
import TestSupport
import Testing

@testable import MemoryManager

@Suite("Guard")
struct GuardTests {
    // Source: behaviour 8.1 to 8.3.
    @Test(
        "an armed page is disarmed once, and its own protection applies",
        arguments: BackingKind.allCases)
    func disarm(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(3, .atOnce)
        _ = try memory.manager.protect(range, .readOnly, .armed)
        #expect(try memory.manager.disarmGuard(at: range.start + 1))
        #expect(Access.to(range) == [.none, .read, .none])
        #expect(memory.state(range.start + 1) == .committed(.readOnly))
        #expect(try !memory.manager.disarmGuard(at: range.start + 1))
        #expect(memory.map.brokenInvariant() == nil)
    }

    @Test("pages without a guard are left alone", arguments: BackingKind.allCases)
    func others(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(2)
        try memory.commit(part(0..<1, of: range))
        let picture = memory.picture(of: range)
        for page in [range.start, range.start + 1, range.end, 16] {
            #expect(try !memory.manager.disarmGuard(at: page))
        }
        #expect(memory.picture(of: range) == picture)
    }

    private final class Tally: Sendable {
        let disarmed = Atomic(0)
    }

    @Test("of several threads exactly one finds each guard armed", arguments: BackingKind.allCases)
    func race(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(64, .atOnce)
        _ = try memory.manager.protect(range, .readWrite, .armed)
        let tally = Tally()
        onThreads(4) { _ in
            for page in range.start..<range.end {
                let isMine = (try? memory.manager.disarmGuard(at: page)) ?? false
                if isMine { tally.disarmed.add(1, ordering: .relaxed) }
            }
        }
        #expect(tally.disarmed.load(ordering: .relaxed) == 64)
        #expect(Access.to(range).allSatisfy { $0 == .write })
    }
}
