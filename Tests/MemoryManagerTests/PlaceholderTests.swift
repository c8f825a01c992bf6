// Placeholders on the real kernel: what is asked of it, and what happens when it refuses.

import AddressSpace
import Testing

@testable import MemoryManager

/// What is done to a piece that is a placeholder, by a signal handler on top of another operation.
private enum PlaceholderDeed: CaseIterable {
    case divide, replace, replaceCommitted, join, release, commit

    func error(on piece: PageRange, of whole: PageRange, _ memory: TestMemory) -> MemoryError? {
        let manager = memory.manager
        let protection = PageProtection(.readWrite)
        do throws(MemoryError) {
            switch self {
            case .divide: try manager.makePlaceholder(of: part(2..<5, of: piece))
            case .replace: try manager.replacePlaceholder(piece, protection, .later)
            case .replaceCommitted: try manager.replacePlaceholder(piece, protection, .atOnce)
            case .join: try manager.coalescePlaceholders(of: whole)
            case .release: try manager.release(allocationBasedAt: piece.start)
            case .commit: try manager.commit(piece, protection)
            }
            return nil
        } catch { return error }
    }
}

@Suite("Placeholders", .enabled(if: JudgedCalls.areAvailable))
struct PlaceholderTests {
    /// A placeholder of 64 pages, of which 10 to 30 are one by themselves.
    private struct Scene {
        let memory: TestMemory
        let whole: PageRange
        var piece: PageRange { part(10..<30, of: whole) }

        init(_ backing: BackingKind) throws {
            memory = TestMemory(backing)
            whole = try memory.reserve(64, .never)
            try memory.manager.makePlaceholder(of: piece)
        }

        func replace(_ backed: CommitTiming) throws {
            try memory.manager.replacePlaceholder(piece, PageProtection(.readWrite), backed)
        }

        func expectPlaceholders(_ note: String) {
            for offsets: Range<UInt> in [0..<10, 10..<30, 30..<64] {
                #expect(memory.map.placeholder(part(offsets, of: whole)) != nil, "\(note)")
            }
            #expect(Access.to(whole).allSatisfy { $0 == .none }, "\(note)")
            #expect(memory.map.charge.pageCount == 0, "\(note)")
            #expect(memory.takenSlotCount == 0 && memory.claimCount == 0, "\(note)")
        }
    }

    @Test(
        "dividing, joining and replacing without commit ask nothing of the kernel",
        arguments: BackingKind.allCases)
    func mapOnly(backing: BackingKind) throws {
        let scene = try Scene(backing)
        let (base, limit) = (scene.whole.base, scene.whole.limit)
        var callCount = 0
        try JudgedCalls.with { call in
            if call.isAt(base, limit) { callCount += 1 }
            return .make
        } _: {
            for _ in 0..<3 {
                try scene.replace(.later)
                try scene.memory.manager.makePlaceholder(of: scene.piece)
                try scene.memory.manager.coalescePlaceholders(of: scene.whole)
                try scene.memory.manager.makePlaceholder(of: scene.piece)
            }
        }
        #expect(callCount == 0)
        scene.expectPlaceholders("at the end")
    }

    @Test(
        "a replacement that the kernel refuses leaves the placeholder",
        arguments: BackingKind.allCases)
    func refusedReplacement(backing: BackingKind) throws {
        for first in 1...3 {
            let scene = try Scene(backing)
            let (base, limit) = (scene.whole.base, scene.whole.limit)
            var (callCount, refusedCount) = (0, 0)
            let isRefused = JudgedCalls.with { call in
                if !call.changesMappings || !call.isAt(base, limit) { return .make }
                callCount += 1
                if callCount < first { return .make }
                refusedCount += 1
                return .refuse
            } _: {
                do {
                    try scene.replace(.atOnce)
                    return false
                } catch { return (error as? MemoryError) == .outOfAddressSpace }
            }
            let note = "call \(first)"
            #expect(isRefused == (refusedCount > 0), "\(note)")
            if isRefused {
                scene.expectPlaceholders(note)
                try scene.replace(.atOnce)
            }
            #expect(Access.to(scene.piece).allSatisfy { $0 == .write }, "\(note)")
            for page in scene.piece.start..<scene.piece.end {
                #expect(Contents.at(page) == 0, "\(note)")
            }
        }
    }

    // Source: behaviour 4.11, for memory that becomes a placeholder.
    @Test(
        "memory becomes a placeholder also when the kernel grants no mapping",
        arguments: BackingKind.allCases)
    func givingBack(backing: BackingKind) throws {
        let scene = try Scene(backing)
        try scene.replace(.atOnce)
        for page in scene.piece.start..<scene.piece.end { Contents.set(1, at: page) }
        let (base, limit) = (scene.whole.base, scene.whole.limit)
        let ballast = scene.memory.manager.islands.ballast
        try JudgedCalls.with { call in
            call.changesMappings && call.isAt(base, limit) && ballast.isHeld ? .refuse : .make
        } _: {
            try scene.memory.manager.makePlaceholder(of: scene.piece)
        }
        scene.expectPlaceholders("given back")
        try scene.replace(.atOnce)
        for page in scene.piece.start..<scene.piece.end { #expect(Contents.at(page) == 0) }
    }

    @Test(
        "a replacement beyond the commit limit leaves the placeholder",
        arguments: BackingKind.allCases)
    func commitLimit(backing: BackingKind) throws {
        let memory = TestMemory(backing, commitLimit: 20)
        let range = try memory.reserve(16, .never)
        _ = try memory.reserve(5, .atOnce)
        #expect(throws: MemoryError.commitLimitReached) {
            try memory.manager.replacePlaceholder(range, PageProtection(.readWrite), .atOnce)
        }
        #expect(memory.map.placeholder(range) != nil && memory.map.charge.pageCount == 5)
        try memory.manager.replacePlaceholder(range, PageProtection(.readWrite), .later)
        #expect(memory.state(range.start) == .reserved)
    }

    @Test(
        "a release makes a placeholder's pages available, whoever has pages beside them",
        arguments: BackingKind.allCases)
    func released(backing: BackingKind) throws {
        let scene = try Scene(backing)
        try scene.memory.release(scene.piece)
        #expect(scene.memory.map.freeState(of: scene.piece) == .available)
        for offsets: Range<UInt> in [0..<10, 30..<64] {
            let rest = part(offsets, of: scene.whole)
            try scene.memory.manager.replacePlaceholder(
                rest, PageProtection(.readWrite), .atOnce)
            #expect(Access.to(rest).allSatisfy { $0 == .write })
        }
        #expect(Access.to(scene.piece).allSatisfy { $0 == .none })
    }

    // Source: design, Address space: an interrupted operation ends as if it had come after the handler's.
    @Test(
        "an interrupted replacement has the effect of a call after the handler's",
        arguments: BackingKind.allCases)
    func interrupted(backing: BackingKind) throws {
        for inner in PlaceholderDeed.allCases {
            let (scene, twin) = (try Scene(backing), try Scene(backing))
            for each in [scene, twin] {
                // So that the granules are prepared, and the replacement takes one system call.
                try each.replace(.atOnce)
                try each.memory.manager.makePlaceholder(of: each.piece)
            }
            let expected = (
                inner.error(on: twin.piece, of: twin.whole, twin.memory),
                PlaceholderDeed.replaceCommitted.error(on: twin.piece, of: twin.whole, twin.memory)
            )
            let (base, limit) = (scene.whole.base, scene.whole.limit)
            var found: MemoryError?
            var isInterrupted = false
            let result = JudgedCalls.with { call in
                if isInterrupted || !call.isAt(base, limit) { return .make }
                isInterrupted = true
                found = inner.error(on: scene.piece, of: scene.whole, scene.memory)
                return .make
            } _: {
                PlaceholderDeed.replaceCommitted.error(
                    on: scene.piece, of: scene.whole, scene.memory)
            }
            #expect(isInterrupted, "\(inner)")
            #expect(found == expected.0 && result == expected.1, "\(inner)")
            #expect(
                scene.memory.picture(of: scene.whole) == twin.memory.picture(of: twin.whole),
                "\(inner)")
            #expect(Access.to(scene.whole) == Access.to(twin.whole), "\(inner)")
            #expect(scene.memory.takenSlotCount == 0, "\(inner)")
        }
    }
}
