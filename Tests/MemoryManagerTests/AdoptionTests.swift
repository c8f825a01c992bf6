// The child of a fork that nobody was held still for (_Fork, bare clone): its first operation puts in
// order what other threads were in the middle of.

import AddressSpace
import CLinux
import LinuxKernel
import Testing

@testable import MemoryManager

/// Where another thread was with its operation when the process forked.
enum Stage: CaseIterable {
    case commitClaimed, commitCharged, commitActed, commitRecorded
    case decommitActed, decommitRecorded

    var isCommit: Bool { self != .decommitActed && self != .decommitRecorded }
    var isRecorded: Bool { self == .commitRecorded || self == .decommitRecorded }
    /// Whether the pages are committed afterwards: what was not recorded has not been done.
    var isCommittedAfterwards: Bool { isCommit == isRecorded }
}

@Suite("Adoption")
struct AdoptionTests {
    private static let stranger: UInt32 = 4_000_000

    /// The slot of a thread that stayed behind.
    private func slot(claiming range: PageRange, _ memory: TestMemory) throws -> OperationSlot {
        let slot = try #require(memory.storage.slots.take(for: Self.stranger, at: 0))
        slot.setClaim(range)
        memory.map.claims.announce(slot)
        return slot
    }

    /// Makes `memory` one that was forked just now: the kernel has wiped the page.
    private func fork(_ memory: TestMemory) {
        unsafe memory.storage.presence.pointee.store(0, ordering: .releasing)
    }

    private func record(_ state: PageState, of range: PageRange, _ memory: TestMemory) throws {
        let slot = try #require(memory.storage.slots.take(for: Self.stranger, at: 0))
        let moment = memory.manager.sequencer.settle()
        var journal = unsafe Journal(entries: slot.entries, transaction: moment.next)
        #expect(memory.map.setState(state, of: range, &journal) == range.end)
        #expect(memory.manager.sequencer.publish(journal, in: slot, at: moment))
        slot.giveBack()
    }

    /// Does to pages `range`, in the name of another thread, what is done up to `stage`.
    private func leave(_ range: PageRange, at stage: Stage, _ memory: TestMemory) throws {
        let backing = memory.manager.backing
        if !stage.isCommit { try memory.commit(range) }
        let slot = try slot(claiming: range, memory)
        if stage == .commitClaimed { return }
        if stage.isCommit {
            try memory.map.charge.add(range.pageCount, limit: .max)
            slot.pendingCharge = Int(range.pageCount)
            if stage == .commitCharged { return }
            try backing.uncover(range)
        } else {
            try backing.cover(range)
            slot.pendingCharge = -Int(range.pageCount)
        }
        if stage.isRecorded {
            try record(stage.isCommit ? .committed(.readWrite) : .reserved, of: range, memory)
        }
    }

    @Test(
        "in the child, pages that other threads were changing, and their charge, are as the map says",
        arguments: BackingKind.allCases, Stage.allCases)
    func stages(backing: BackingKind, stage: Stage) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(16)
        try memory.commit(part(0..<2, of: range))
        Contents.set(7, at: range.start + 1)
        let left = part(4..<8, of: range)
        try leave(left, at: stage, memory)
        fork(memory)
        // Pages of its own; but the call comes after the adoption.
        try memory.commit(part(12..<13, of: range))
        #expect(memory.claimCount == 0 && memory.takenSlotCount == 0)
        let isCommitted = stage.isCommittedAfterwards
        #expect(memory.state(left.start) == (isCommitted ? .committed(.readWrite) : .reserved))
        #expect(Access.to(left).allSatisfy { $0 == (isCommitted ? .write : .none) })
        #expect(memory.map.charge.pageCount == 3 + (isCommitted ? 4 : 0))
        #expect(memory.map.brokenInvariant() == nil)
        #expect(Contents.at(range.start + 1) == 7)
        if !isCommitted { try memory.commit(left) }
        #expect(Access.to(left).allSatisfy { $0 == .write })
        for page in left.start..<left.end { #expect(Contents.at(page) == 0) }
    }

    @Test("a published transaction is carried out first", arguments: BackingKind.allCases)
    func published(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(16)
        try memory.commit(part(0..<2, of: range))
        let left = part(4..<8, of: range)
        let slot = try slot(claiming: left, memory)
        try memory.map.charge.add(4, limit: .max)
        slot.pendingCharge = 4
        try memory.manager.backing.uncover(left)
        let moment = memory.manager.sequencer.settle()
        var journal = unsafe Journal(entries: slot.entries, transaction: moment.next)
        _ = memory.map.setState(.committed(.readWrite), of: left, &journal)
        slot.setPublishedCount(journal.count)
        // As Sequencer.publish, up to carrying out.
        unsafe memory.storage.head.pointee.store(
            UInt64(moment.next) << 32 | UInt64(slot.index) << 1 | 1, ordering: .releasing)
        fork(memory)
        try memory.manager.decommit(part(0..<1, of: range))
        #expect(memory.state(left.start) == .committed(.readWrite))
        #expect(Access.to(left).allSatisfy { $0 == .write })
        #expect(memory.map.charge.pageCount == 5)
        #expect(memory.map.brokenInvariant() == nil)
    }

    @Test("a fork by another thread is over in the child")
    func foreignFork() throws {
        let memory = TestMemory(.guarded)
        let range = try memory.reserve(4)
        _ = try slot(claiming: .everything, memory)
        unsafe memory.manager.claimWaiting.forkGate.pointee.store(
            UInt64(Self.stranger), ordering: .releasing)
        let sleeper = unsafe EraCounter(word: memory.storage.waiting + 1).enter()
        fork(memory)
        try memory.commit(range)
        #expect(memory.claimCount == 0)
        memory.manager.quiesceForFork()
        memory.manager.resumeInParent()
        // The sleeper is not counted out twice.
        unsafe EraCounter(word: memory.storage.waiting + 1).leave(sleeper)
        #expect(unsafe EraCounter(word: memory.storage.waiting + 1).isZero)
    }

    @Test("the interrupted operation of the forking thread keeps its slot")
    func own() throws {
        let memory = TestMemory(.guarded)
        let range = try memory.reserve(16, .atOnce)
        let thread = win32memory_thread_identifier()
        let slot = try #require(memory.storage.slots.take(for: thread, at: 0))
        let claimed = part(0..<2, of: range)
        slot.setClaim(claimed)
        memory.map.claims.announce(slot)
        slot.pendingCharge = -2
        fork(memory)
        try memory.manager.decommit(part(4..<5, of: range))
        #expect(slot.owner == thread && memory.map.claims.isAnnounced(slot.index))
        #expect(slot.pendingCharge == -2)
        #expect(memory.map.charge.pageCount == 15)
        slot.pendingCharge = 0
        memory.map.claims.withdraw(slot)
        slot.giveBack()
    }

    @Test("places, ballast and islands that other threads were changing are free again")
    func inHand() throws {
        let memory = TestMemory(.guarded)
        let room = memory.map.placeCache.room(for: Self.stranger)
        #expect(room != nil)
        #expect(memory.manager.islands.beginLooking())
        _ = try memory.reserve(1, .atOnce)
        let ballast = unsafe memory.storage.islands + 3
        unsafe ballast.pointee.store(2, ordering: .relaxed)
        fork(memory)
        _ = try memory.reserve(1)
        #expect(unsafe ballast.pointee.load(ordering: .relaxed) == 0)
        #expect(memory.manager.islands.beginLooking())
        memory.manager.islands.endLooking(found: 0)
        let rooms = (0..<8).compactMap { _ in memory.map.placeCache.room(for: Self.stranger) }
        #expect(rooms.count == 8)
    }
}
