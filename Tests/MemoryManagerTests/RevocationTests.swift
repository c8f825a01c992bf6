// Operations that a signal handler interrupts with another one on the same pages, or that are left by a
// jump. The handler is the test's, at the very system calls of the operation.

import AddressSpace
import CLinux
import LinuxKernel
import Testing

@testable import MemoryManager

/// A granule of an allocation of its own, pages 0 to 3 of which are committed.
private struct Scene {
    let memory: TestMemory
    let range: PageRange

    init(_ backing: BackingKind) throws {
        memory = TestMemory(backing)
        // In a process that has committed nothing else, idle things are given up at once.
        _ = try memory.reserve(16, .atOnce)
        range = try memory.reserve(16)
        try memory.commit(part(0..<4, of: range))
        for page in range.start..<range.start + 4 {
            Contents.set(UInt64(page - range.start), at: page)
        }
    }

    /// What the map says, what the processor allows, and what the pages hold.
    var picture: [String] {
        (range.start..<range.end).map { page in
            let access = Access.to(page)
            let contents = access == .none ? "" : " \(Contents.at(page))"
            return "\(page - range.start): \(memory.state(page).rawValue) \(access)\(contents)"
        } + ["charge \(memory.map.charge.pageCount)"]
    }
}

/// What is done to a scene, as an outer operation and as one on top of it.
enum Deed: String, CaseIterable {
    case commit, commitMore, commitReadOnly, decommit, decommitPart, protect, release, lock, query

    fileprivate func perform(on scene: Scene) throws {
        let (manager, range) = (scene.memory.manager, scene.range)
        switch self {
        case .commit: try scene.memory.commit(part(6..<10, of: range))
        case .commitMore: try scene.memory.commit(part(3..<8, of: range))
        case .commitReadOnly: try scene.memory.commit(part(8..<9, of: range), .readOnly)
        case .decommit: try manager.decommit(part(0..<4, of: range))
        case .decommitPart: try manager.decommit(part(2..<7, of: range))
        case .protect: _ = try manager.protect(part(1..<3, of: range), .readOnly, .off)
        case .release: try manager.releaseCommitted(allocationBasedAt: range.start)
        case .lock: try manager.lock(part(0..<1, of: range))
        case .query: _ = manager.settledState(of: range.start + 7)
        }
    }

    fileprivate func error(on scene: Scene) -> MemoryError? {
        do {
            try perform(on: scene)
            return nil
        } catch { return error as? MemoryError }
    }

    /// Those of one call that can be done over: signals are held back during others.
    static let short: [Deed] = [.commit, .decommit, .protect]
}

@Suite("Operations that give way")
struct RevocationTests {
    enum Moment: CaseIterable { case beforeCall, afterCall }

    // Source: design, Address space: an interrupted operation ends as if it had come after the handler's.
    @Test(
        "an interrupted operation has the effect of a call after the handler's",
        .enabled(if: JudgedCalls.areAvailable),
        arguments: BackingKind.allCases, Moment.allCases)
    func interrupted(backing: BackingKind, moment: Moment) throws {
        for outer in Deed.short {
            for inner in Deed.allCases {
                let note = "\(outer) interrupted by \(inner)"
                let (scene, twin) = (try Scene(backing), try Scene(backing))
                let expected = (inner.error(on: twin), outer.error(on: twin))
                var found: MemoryError?
                var isInterrupted = false
                let result = JudgedCalls.with { call in
                    if isInterrupted || !call.isAt(scene.range.base, scene.range.limit) {
                        return .make
                    }
                    isInterrupted = true
                    let verdict = moment == .afterCall ? call.make() : .make
                    found = inner.error(on: scene)
                    return verdict
                } _: {
                    outer.error(on: scene)
                }
                #expect(isInterrupted, "\(note)")
                #expect(found == expected.0 && result == expected.1, "\(note)")
                #expect(scene.picture == twin.picture, "\(note)")
                #expect(scene.memory.takenSlotCount == 0, "\(note)")
                #expect(scene.memory.map.brokenInvariant() == nil, "\(note)")
            }
        }
    }

    @Test(
        "two interrupted reservations do not get the same pages",
        .enabled(if: JudgedCalls.areAvailable), arguments: BackingKind.allCases,
        Moment.allCases)
    func reservations(backing: BackingKind, moment: Moment) throws {
        let memory = TestMemory(backing)
        let first = try memory.reserve(4, .atOnce)
        if backing == .guarded { try memory.commit(part(0..<1, of: try memory.reserve(16))) }
        let charged = memory.map.charge.pageCount
        var inner: PageRange?
        let outer = try JudgedCalls.with { call in
            if inner != nil || !call.isAt(first.limit, first.limit + 1 << 24) { return .make }
            inner = first
            let verdict = moment == .afterCall ? call.make() : .make
            inner = try? memory.reserve(4, .atOnce)
            return verdict
        } _: {
            let base = try memory.manager.reserveCommittedInOneCall(4)
            return try base.map { PageRange(from: Page.index(of: $0), to: Page.index(of: $0) + 4) }
                ?? memory.reserve(4, .atOnce)
        }
        let found = try #require(inner)
        #expect(!found.overlaps(outer) && !found.overlaps(first))
        #expect((Access.to(found) + Access.to(outer)).allSatisfy { $0 == .write })
        #expect(memory.map.charge.pageCount == charged + 8)
        #expect(memory.takenSlotCount == 0)
    }

    /// What a jump out of a commit leaves behind: a slot, a claim, a charge and an accessible page.
    private func leave(_ page: UInt, _ memory: TestMemory) throws -> OperationSlot {
        let range = PageRange(from: page, to: page + 1)
        let slot = try #require(
            memory.storage.slots.take(for: win32memory_thread_identifier(), at: 0))
        slot.setClaim(range)
        memory.map.claims.announce(slot)
        try memory.map.charge.add(1, limit: .max)
        slot.pendingCharge = 1
        try memory.manager.backing.uncover(range)
        return slot
    }

    @Test(
        "the next operation on pages that a jump left behind puts them in order",
        arguments: BackingKind.allCases)
    func left(backing: BackingKind) throws {
        let scene = try Scene(backing)
        let charged = scene.memory.map.charge.pageCount
        let page = scene.range.start + 7
        let slot = try leave(page, scene.memory)
        #expect(Access.to(page) == .write)
        try scene.memory.commit(part(4..<5, of: scene.range))
        #expect(scene.memory.claimCount == 1, "not in the way")
        try scene.memory.commit(part(6..<8, of: scene.range))
        #expect(scene.memory.claimCount == 0)
        #expect(slot.pendingCharge == 0)
        #expect(scene.memory.map.charge.pageCount == charged + 3)
        try scene.memory.manager.decommit(part(4..<8, of: scene.range))
        #expect(Access.to(page) == .none)
        slot.giveBack()
    }

    @Test("slots that jumps have left behind are taken again", arguments: BackingKind.allCases)
    func allLeft(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let count = OperationSlots.count
        let range = try memory.reserve(count * 16 + 16)
        for index in 0..<count { try memory.commit(part(index * 16..<index * 16 + 1, of: range)) }
        let left = (0..<count).map { range.start + $0 * 16 + 5 }
        for page in left { _ = try leave(page, memory) }
        #expect(memory.takenSlotCount == Int(count) && memory.claimCount == Int(count))
        #expect(memory.map.charge.pageCount == 2 * count)
        try memory.commit(part(count * 16..<count * 16 + 1, of: range))
        #expect(memory.takenSlotCount == 0 && memory.claimCount == 0)
        #expect(memory.map.charge.pageCount == count + 1)
        #expect(left.allSatisfy { Access.to($0) == .none && memory.state($0) == .reserved })
        #expect(left.allSatisfy { Access.to($0 - 5) == .write })
        #expect(memory.map.brokenInvariant() == nil)
    }

    @Test(
        "an operation that was revoked before its claim counted acts once, under a claim in force",
        arguments: [Claim.Way.short, .long])
    func revokedBeforeActing(way: Claim.Way) throws {
        let memory = TestMemory(.mapped)
        let range = try memory.reserve(4)
        let slot = memory.storage.slots[UInt(win32memory_thread_identifier())]
        var (decisions, acts, actsRevoked) = (0, 0, 0)
        let claim = try memory.manager.change(memory.manager.begin()) { _, _ throws(Setback) in
            decisions += 1
            // As if it had claimed already, and a handler had revoked that.
            if decisions == 1 {
                slot.setClaim(range)
                memory.map.claims.announce(slot)
                memory.manager.revoke(slot)
            }
            return Claim(pages: range, way: way)
        } act: { _, slot throws(Refusal) in
            acts += 1
            if slot.isRevoked { actsRevoked += 1 }
            if acts > 3 { throw .memory(.rangeConflicts) }
        } record: { _, _, _ in
            .max
        }
        #expect(claim?.pages == range)
        #expect(acts == 1 && actsRevoked == 0)
        #expect(memory.claimCount == 0 && memory.takenSlotCount == 0)
    }

    @Test("a revoked operation does not take the slot of another one")
    func otherSlot() throws {
        let memory = TestMemory(.guarded)
        let slot = try #require(memory.storage.slots.take(for: 7, at: 0))
        let ownership = slot.ownership
        slot.revoke()
        #expect(!slot.isHeld(by: ownership) && slot.owner == 7)
        slot.giveBack()
        #expect(slot.tryTake(for: 7, at: 1))
        #expect(!slot.reclaim(for: ownership))
        slot.giveBack(from: ownership)
        #expect(slot.owner == 7, "not the one that was given back before")
    }
}
