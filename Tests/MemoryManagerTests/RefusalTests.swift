// What the kernel refuses: everything is as it was; and what frees is not refused.

import AddressSpace
import LinuxKernel
import Testing

@testable import MemoryManager

/// 8 pages to write, 8 to read, 32 reserved; with contents.
private struct Scene {
    let memory: TestMemory
    let range: PageRange

    init(_ backing: BackingKind) throws {
        memory = TestMemory(backing)
        _ = try memory.reserve(16, .atOnce)
        range = try memory.reserve(48)
        try memory.commit(part(0..<16, of: range))
        for page in range.start..<range.start + 16 { Contents.set(UInt64(page), at: page) }
        _ = try memory.manager.protect(part(8..<16, of: range), .readOnly, .off)
    }

    var picture: [UInt] { memory.picture(of: range) }
    var ballast: Ballast { memory.manager.islands.ballast }

    func expectKept(_ note: String) {
        for page in range.start..<range.end {
            let state = memory.state(page)
            let expected: Access =
                !state.isCommitted || state.enforced == .noAccess
                ? .none : state.enforced == .readWrite ? .write : .read
            let found = Access.to(page)
            #expect(found == expected, "page \(page - range.start), \(note)")
            if found != .none && page < range.start + 16 {
                #expect(Contents.at(page) == UInt64(page), "page \(page - range.start), \(note)")
            }
        }
        #expect(memory.takenSlotCount == 0 && memory.claimCount == 0, "\(note)")
        #expect(memory.map.brokenInvariant() == nil, "\(note)")
    }
}

/// What asks for more, and may be refused.
enum Wish: CaseIterable {
    case commitSome, commitReadOnly, commitOver, protectSome, protectAll, guardPage

    fileprivate func perform(on scene: Scene) throws {
        let (memory, range) = (scene.memory, scene.range)
        switch self {
        case .commitSome: try memory.commit(part(20..<40, of: range))
        case .commitReadOnly: try memory.commit(part(33..<35, of: range), .readOnly)
        case .commitOver: try memory.commit(part(4..<24, of: range), .executeRead)
        case .protectSome:
            _ = try memory.manager.protect(part(2..<4, of: range), .readOnly, .off)
        case .protectAll:
            _ = try memory.manager.protect(part(0..<16, of: range), .executeRead, .off)
        case .guardPage:
            _ = try memory.manager.protect(part(10..<11, of: range), .readOnly, .armed)
        }
    }
}

@Suite("Refusals", .enabled(if: JudgedCalls.areAvailable))
struct RefusalTests {
    private func refuses(_ wish: Wish, on scene: Scene) -> Bool {
        do {
            try wish.perform(on: scene)
            return false
        } catch { return (error as? MemoryError) == .outOfAddressSpace }
    }

    /// Refuses, from call `first` on, whatever may need a mapping of the allocation: all such calls, or
    /// those that are made while the ballast is held.
    private func atLimit<Result>(
        _ scene: Scene, from first: Int, whileHeld: Bool, _ work: () throws -> Result
    ) rethrows -> (result: Result, refusedCount: Int) {
        var (callCount, refusedCount) = (0, 0)
        let (base, limit, ballast) = (scene.range.base, scene.range.limit, scene.ballast)
        let result = try JudgedCalls.with { call in
            if !call.changesMappings || !call.isAt(base, limit) { return .make }
            callCount += 1
            if callCount < first || whileHeld && !ballast.isHeld { return .make }
            refusedCount += 1
            return .refuse
        } _: {
            try work()
        }
        return (result, refusedCount)
    }

    @Test(
        "a call that is refused for want of mappings changes nothing, because the ballast lets it undo",
        arguments: BackingKind.allCases, Wish.allCases)
    func restored(backing: BackingKind, wish: Wish) throws {
        for first in 1...3 {
            let scene = try Scene(backing)
            let picture = scene.picture
            // The wish itself is refused for good, what puts back as long as the ballast is held.
            var (callCount, refusedCount) = (0, 0)
            let (base, limit, ballast) = (scene.range.base, scene.range.limit, scene.ballast)
            let isRefused = JudgedCalls.with { call in
                if !call.changesMappings || !call.isAt(base, limit) { return .make }
                callCount += 1
                if callCount < first || callCount > first && !ballast.isHeld { return .make }
                refusedCount += 1
                return .refuse
            } _: {
                refuses(wish, on: scene)
            }
            let note = "call \(first)"
            if isRefused { #expect(scene.picture == picture, "\(note)") }
            if refusedCount > 0 && isRefused {
                #expect(
                    !scene.memory.manager.granules.unsettled.containsAny(of: scene.range), "\(note)"
                )
            }
            scene.expectKept(note)
            try scene.memory.commit(part(0..<48, of: scene.range))
            scene.expectKept(note)
        }
    }

    @Test(
        "a refused call that cannot undo changes nothing in the map, and a later call repairs the pages",
        arguments: BackingKind.allCases, Wish.allCases)
    func unsettled(backing: BackingKind, wish: Wish) throws {
        for first in 1...4 {
            let scene = try Scene(backing)
            let picture = scene.picture
            let (isRefused, refusedCount) = atLimit(scene, from: first, whileHeld: false) {
                refuses(wish, on: scene)
            }
            let note = "from call \(first) on"
            #expect(isRefused == (refusedCount > 0), "\(note)")
            if isRefused { #expect(scene.picture == picture, "\(note)") }
            #expect(scene.memory.takenSlotCount == 0, "\(note)")
            try scene.memory.commit(part(0..<48, of: scene.range))
            scene.expectKept(note)
            #expect(
                !scene.memory.manager.granules.unsettled.containsAny(of: scene.range), "\(note)")
        }
    }

    @Test(
        "freeing is not refused while the ballast is held", arguments: BackingKind.allCases
    )
    func freeing(backing: BackingKind) throws {
        for offsets: Range<UInt> in [0..<48, 0..<16, 2..<5, 6..<12, 9..<11] {
            let scene = try Scene(backing)
            let charged = scene.memory.map.charge.pageCount
            let gone = part(offsets, of: scene.range)
            let committed = offsets.count { $0 < 16 }
            _ = try atLimit(scene, from: 1, whileHeld: true) {
                if offsets.count == 48 { return try scene.memory.release(scene.range) }
                try scene.memory.manager.decommit(gone)
            }
            let note = "\(offsets)"
            #expect(scene.memory.map.charge.pageCount == charged - UInt(committed), "\(note)")
            #expect(Access.to(gone).allSatisfy { $0 == .none }, "\(note)")
            scene.expectKept(note)
            if offsets.count == 48 { continue }
            try scene.memory.commit(gone)
            for page in gone.start..<gone.end { #expect(Contents.at(page) == 0, "\(note)") }
        }
    }

    @Test("once the ballast is given up, calls that may take the last mappings are refused")
    func lastMappings() throws {
        let scene = try Scene(.guarded)
        let picture = scene.picture
        scene.ballast.giveUp()
        let pages = try #require(scene.memory.ballast)
        let (base, limit) = (pages.base, pages.limit)
        let isRefused = JudgedCalls.with { call in
            call.isAt(base, limit) && call.argument != 0 ? .refuse : .make
        } _: {
            refuses(.protectAll, on: scene)
        }
        #expect(isRefused)
        #expect(scene.picture == picture)
        scene.expectKept("no room")
        // There is room again.
        #expect(!refuses(.protectAll, on: scene))
        scene.expectKept("room again")
    }
}
