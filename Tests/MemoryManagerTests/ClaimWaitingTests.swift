// Waiting for the end of somebody else's claim.

import AddressSpace
import CLinux
import Synchronization
import TestSupport
import Testing

@testable import MemoryManager

@Suite("Waiting for claims")
struct ClaimWaitingTests {
    private final class Progress: Sendable {
        let isHeld = Atomic(false)
        let sleeperCount = Atomic(0)
        let takenSlotCount = Atomic(0)
        let faultCount = Atomic(0)
    }

    /// How many threads sleep until a claim has ended.
    private func sleeperCount(_ memory: TestMemory) -> Int {
        Int(
            UInt32(
                truncatingIfNeeded: unsafe memory.storage.waiting[1].load(ordering: .acquiring)))
    }

    /// Claims `range`, and does `work` under the claim.
    private func hold(_ range: PageRange, _ memory: TestMemory, _ work: () -> Void) throws {
        _ = try memory.manager.change(memory.manager.begin()) { _, _ throws(Setback) -> Claim? in
            .long(range)
        } act: { _, _ throws(Refusal) in
            work()
        } record: { _, _, _ in
            .max
        }
    }

    @Test(
        "a waiting operation has no slot, and the end of the claim wakes it",
        arguments: BackingKind.allCases,
        [1, Int(OperationSlots.count) + 12])
    func waiters(backing: BackingKind, waiterCount: Int) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(2)
        let progress = Progress()
        onThreads(waiterCount + 1) { thread in
            do {
                if thread > 0 {
                    while !progress.isHeld.load(ordering: .acquiring) { kernel_yield() }
                    return try memory.commit(range)
                }
                try hold(range, memory) {
                    progress.isHeld.store(true, ordering: .releasing)
                    while sleeperCount(memory) < waiterCount { kernel_yield() }
                    progress.takenSlotCount.store(memory.takenSlotCount, ordering: .relaxed)
                    if memory.state(range.start) != .reserved {
                        progress.faultCount.add(1, ordering: .relaxed)
                    }
                }
            } catch { progress.faultCount.add(1, ordering: .relaxed) }
        }
        let takenSlotCount = progress.takenSlotCount.load(ordering: .relaxed)
        #expect(takenSlotCount == 1, "the holder's")
        #expect(progress.faultCount.load(ordering: .relaxed) == 0)
        #expect(sleeperCount(memory) == 0)
        #expect(memory.map.charge.pageCount == 2)
        #expect(Access.to(range) == [.write, .write])
        #expect(memory.takenSlotCount == 0)
    }

    @Test(
        "an operation on other pages of the granule does not wait", arguments: BackingKind.allCases)
    func others(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(16)
        try memory.commit(part(0..<1, of: range))
        let progress = Progress()
        try hold(part(4..<6, of: range), memory) {
            onThreads(1) { _ in
                do {
                    try memory.commit(part(6..<8, of: range))
                    try memory.manager.decommit(part(0..<1, of: range))
                } catch { progress.faultCount.add(1, ordering: .relaxed) }
            }
        }
        #expect(progress.faultCount.load(ordering: .relaxed) == 0)
        #expect(memory.map.charge.pageCount == 2)
    }

    @Test("a fault waits until no operation is changing the page", arguments: BackingKind.allCases)
    func fault(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(16, .atOnce)
        let progress = Progress()
        onThreads(2) { thread in
            do {
                if thread == 0 {
                    return try hold(range, memory) {
                        progress.isHeld.store(true, ordering: .releasing)
                        while sleeperCount(memory) < 1 { kernel_yield() }
                        progress.isHeld.store(false, ordering: .releasing)
                    }
                }
                while !progress.isHeld.load(ordering: .acquiring) { kernel_yield() }
                let state = memory.manager.settledState(of: range.start + 3)
                if state != .committed(.readWrite) || progress.isHeld.load(ordering: .acquiring) {
                    progress.faultCount.add(1, ordering: .relaxed)
                }
            } catch { progress.faultCount.add(1, ordering: .relaxed) }
        }
        #expect(progress.faultCount.load(ordering: .relaxed) == 0)
        #expect(sleeperCount(memory) == 0)
    }
}
