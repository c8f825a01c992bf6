// What happens around fork, without forking: the helpers that the handlers call.

import CLinux
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import AddressSpace
@testable import MemoryManager

@Suite("Fork")
struct ForkTests {
    private final class Progress: Sendable {
        let isHeld = Atomic(false)
        let isCommitted = Atomic(false)
    }

    @Test(
        "during a fork changes wait and queries do not", arguments: BackingKind.allCases)
    func holding(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(4)
        let progress = Progress()
        onThreads(2) { thread in
            if thread == 0 {
                memory.manager.quiesceForFork()
                progress.isHeld.store(true, ordering: .releasing)
                for _ in 0..<1000 { kernel_yield() }
                let isCommitted = progress.isCommitted.load(ordering: .acquiring)
                #expect(!isCommitted)
                #expect((try? memory.manager.region(at: range.base))?.state == .reserved)
                memory.manager.resumeInParent()
            } else {
                while !progress.isHeld.load(ordering: .acquiring) { kernel_yield() }
                #expect(throws: Never.self) { try memory.commit(range) }
                progress.isCommitted.store(true, ordering: .releasing)
            }
        }
        #expect(memory.manager.settledSummary(of: range).committedPageCount == 4)
        #expect(Access.to(range.start) == .write)
    }

    @Test("fork waits for running changes", arguments: BackingKind.allCases)
    func waiting(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(64)
        let progress = Progress()
        onThreads(2) { thread in
            if thread == 0 {
                for _ in 0..<100 {
                    #expect(throws: Never.self) {
                        try memory.commit(range)
                        try memory.manager.decommit(range)
                    }
                }
                progress.isCommitted.store(true, ordering: .releasing)
            } else {
                while !progress.isCommitted.load(ordering: .acquiring) {
                    memory.manager.quiesceForFork()
                    // The fork's own claim is the only one that holds: another may have been
                    // announced too late, and goes at once.
                    var triesLeft = 100_000
                    while memory.claimCount != 1 && triesLeft > 0 {
                        kernel_yield()
                        triesLeft -= 1
                    }
                    #expect(memory.claimCount == 1)
                    memory.manager.resumeInParent()
                    // Who forks without a break leaves the others no time to begin.
                    usleep(1000)
                }
            }
        }
        #expect(memory.map.brokenInvariant() == nil)
    }

    @Test(
        "the child forgets the other threads and can use the library",
        arguments: BackingKind.allCases)
    func child(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(4, .atOnce)
        memory.manager.quiesceForFork()
        // A thread that was about to begin an operation when the process forked.
        let slot = try #require(memory.storage.slots.take(for: 4_000_000, at: 0))
        let thread = win32memory_thread_identifier()
        memory.manager.resumeInForkChild(formerly: thread, now: thread)
        #expect(slot.owner == 0)
        #expect(memory.claimCount == 0)
        try memory.manager.decommit(range)
        try memory.commit(range)
        #expect(Access.to(range.start) == .write)
        #expect(memory.map.brokenInvariant() == nil)
    }

    @Test(
        "a fork within a fork claims nothing more, and its end wakes no thread",
        arguments: BackingKind.allCases)
    func nested(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        memory.manager.quiesceForFork()
        memory.manager.quiesceForFork()
        #expect(memory.claimCount == 1)
        memory.manager.resumeInParent()
        #expect(memory.claimCount == 1)
        memory.manager.resumeInParent()
        #expect(memory.claimCount == 0)
        #expect((0..<OperationSlots.count).allSatisfy { memory.storage.slots[$0].owner == 0 })
    }

    @Test(
        "a fork by another thread waits until the outermost fork is over",
        arguments: BackingKind.allCases)
    func twoForks(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let progress = Progress()
        onThreads(2) { thread in
            if thread == 0 {
                memory.manager.quiesceForFork()
                memory.manager.quiesceForFork()
                progress.isHeld.store(true, ordering: .releasing)
                memory.manager.resumeInParent()
                for _ in 0..<1000 { kernel_yield() }
                let isSecondHolding = progress.isCommitted.load(ordering: .acquiring)
                #expect(!isSecondHolding)
                memory.manager.resumeInParent()
            } else {
                while !progress.isHeld.load(ordering: .acquiring) { kernel_yield() }
                memory.manager.quiesceForFork()
                progress.isCommitted.store(true, ordering: .releasing)
                #expect(memory.claimCount == 1)
                memory.manager.resumeInParent()
            }
        }
        #expect(memory.claimCount == 0 && memory.takenSlotCount == 0)
    }

    @Test(
        "the child of a fork within a fork is put in order when the outer fork ends",
        arguments: BackingKind.allCases)
    func nestedChild(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(4)
        let thread = win32memory_thread_identifier()
        memory.manager.quiesceForFork()
        memory.manager.quiesceForFork()
        let slot = try #require(memory.storage.slots.take(for: 4_000_000, at: 0))
        memory.manager.resumeInForkChild(formerly: thread, now: thread)
        #expect(memory.claimCount == 1 && slot.owner == 4_000_000)
        memory.manager.resumeInForkChild(formerly: thread, now: thread)
        #expect(memory.claimCount == 0 && memory.takenSlotCount == 0)
        memory.manager.quiesceForFork()
        memory.manager.resumeInParent()
        try memory.commit(range)
        #expect(Access.to(range).allSatisfy { $0 == .write })
    }

    @Test("the forking thread may change pages during the fork", arguments: BackingKind.allCases)
    func ownChanges(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(4)
        memory.manager.quiesceForFork()
        try memory.commit(range)
        try memory.manager.decommit(part(0..<1, of: range))
        #expect(memory.claimCount == 1)
        memory.manager.resumeInParent()
        #expect(Access.to(range) == [.none, .write, .write, .write])
    }

    @Test("in the child the claims of other threads end and those of the forking thread stay")
    func claims() throws {
        let memory = TestMemory(.guarded)
        let thread = win32memory_thread_identifier()
        memory.manager.quiesceForFork()
        // An operation that the fork has interrupted, and one that a thread had announced too late.
        let slots = try [thread, 4_000_000].map { owner in
            let slot = try #require(memory.storage.slots.take(for: owner, at: 0))
            slot.setClaim(PageRange(from: UInt(owner), to: UInt(owner) + 16))
            memory.map.claims.announce(slot)
            return slot
        }
        memory.manager.resumeInForkChild(formerly: thread, now: thread + 1)
        #expect(memory.map.claims.isAnnounced(slots[0].index))
        #expect(!memory.map.claims.isAnnounced(slots[1].index))
        #expect(slots[0].owner == thread + 1 && slots[1].owner == 0)
        memory.map.claims.withdraw(slots[0])
        slots[0].giveBack()
    }

    @Test("every slot is free again after a fork", arguments: BackingKind.allCases)
    func slots(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        for _ in 0..<300 {
            memory.manager.quiesceForFork()
            memory.manager.resumeInParent()
        }
        #expect((0..<OperationSlots.count).allSatisfy { memory.storage.slots[$0].owner == 0 })
    }
}
