// Granules of which nothing is known of what the kernel has there: whoever needs them next puts them in
// order.

import AddressSpace
import LinuxKernel
import Testing

@testable import MemoryManager

/// What an operation that was refused midway may have left of a granule.
enum Disorder: CaseIterable {
    case closed, open, marked

    /// Makes the kernel have it on `granule`.
    func make(on granule: PageRange) throws {
        switch self {
        case .closed: try PageAccess.set(.noAccess, on: granule)
        case .open:
            try PageAccess.set(.readWrite, on: granule)
            try GuardMarkers.remove(from: granule)
        case .marked: try GuardMarkers.install(on: granule)
        }
    }

    var keepsContents: Bool { self != .marked }
}

@Suite("Unsettled granules", .enabled(if: GuardMarkers.areAvailable()))
struct UnsettledTests {
    /// Three granules; in the second are 4 pages to write, 2 to read, and others, some of them with what
    /// was never asked for.
    private struct Scene {
        let memory: TestMemory
        let range: PageRange
        let granule: PageRange
        let disorder: Disorder

        init(_ backing: BackingKind, _ disorder: Disorder) throws {
            memory = TestMemory(backing)
            self.disorder = disorder
            let range = try memory.reserve(48)
            (self.range, granule) = (range, part(16..<32, of: range))
            try memory.commit(part(16..<22, of: range))
            for page in granule.start..<granule.start + 6 { Contents.set(UInt64(page), at: page) }
            _ = try memory.manager.protect(part(20..<22, of: range), .readOnly, .off)
            try disorder.make(on: granule)
            if disorder == .open {
                for page in granule.start + 6..<granule.end { Contents.set(0xBAD, at: page) }
            }
            memory.manager.granules.noteUnsettled(granule)
        }

        var isUnsettled: Bool { memory.manager.granules.unsettled.containsAny(of: range) }

        /// Every page allows what the map says, committed ones hold what they held.
        func expectOrder(_ note: String = "") {
            #expect(!isUnsettled, "\(note)")
            for page in range.start..<range.end {
                let state = memory.state(page)
                let expected: Access =
                    !state.isCommitted ? .none : state.access == .readWrite ? .write : .read
                let found = Access.to(page)
                #expect(found == expected, "page \(page - range.start) \(note)")
                let wasCommitted = page >= granule.start && page < granule.start + 6
                if found != .none && (!wasCommitted || disorder.keepsContents) {
                    #expect(Contents.at(page) == (wasCommitted ? UInt64(page) : 0), "\(note)")
                }
            }
            #expect(memory.map.brokenInvariant() == nil, "\(note)")
        }

        /// Whatever comes next finds nothing amiss.
        func expectUsable() throws {
            try memory.commit(part(22..<48, of: range))
            expectOrder("once all is committed")
            try memory.manager.decommit(part(20..<40, of: range))
            expectOrder("once much is decommitted")
            try memory.release(range)
            #expect(Access.to(range).allSatisfy { $0 == .none })
            #expect(memory.map.charge.pageCount == 0)
        }
    }

    @Test(
        "the next commit puts all of the granule in order", arguments: BackingKind.allCases,
        Disorder.allCases)
    func commit(backing: BackingKind, disorder: Disorder) throws {
        for offsets: Range<UInt> in [24..<26, 16..<17, 21..<23, 10..<40, 31..<33, 16..<32] {
            let scene = try Scene(backing, disorder)
            try scene.memory.commit(part(offsets, of: scene.range))
            scene.expectOrder("\(offsets)")
            try scene.expectUsable()
        }
    }

    @Test(
        "the next protect puts all of the granule in order", arguments: BackingKind.allCases,
        Disorder.allCases)
    func protect(backing: BackingKind, disorder: Disorder) throws {
        for access: Protection in [.readOnly, .readWrite] {
            let scene = try Scene(backing, disorder)
            _ = try scene.memory.manager.protect(part(17..<18, of: scene.range), access, .off)
            scene.expectOrder("\(access)")
            try scene.expectUsable()
        }
    }

    @Test(
        "decommitted pages of an unsettled granule are inaccessible, and zero once committed again",
        arguments: BackingKind.allCases, Disorder.allCases)
    func decommit(backing: BackingKind, disorder: Disorder) throws {
        let scene = try Scene(backing, disorder)
        let gone = part(18..<21, of: scene.range)
        try scene.memory.manager.decommit(gone)
        #expect(Access.to(gone).allSatisfy { $0 == .none })
        #expect(scene.memory.map.charge.pageCount == 3)
        try scene.memory.commit(part(19..<20, of: scene.range))
        #expect(Contents.at(scene.range.start + 19) == 0)
        #expect(
            Access.to(part(16..<24, of: scene.range)) == [
                .write, .write, .none, .write, .none, .read, .none, .none,
            ])
        #expect(!scene.isUnsettled)
    }

    @Test(
        "a released unsettled granule is inaccessible, and as new for the next allocation",
        arguments: BackingKind.allCases,
        Disorder.allCases)
    func release(backing: BackingKind, disorder: Disorder) throws {
        let scene = try Scene(backing, disorder)
        try scene.memory.release(scene.range)
        #expect(scene.memory.map.charge.pageCount == 0)
        let next = try scene.memory.reserve(48)
        #expect(next == scene.range)
        try scene.memory.commit(part(0..<20, of: next))
        for page in next.start..<next.start + 20 { #expect(Contents.at(page) == 0) }
        #expect(Access.to(part(0..<20, of: next)).allSatisfy { $0 == .write })
        #expect(Access.to(part(20..<48, of: next)).allSatisfy { $0 == .none })
    }

    // Source: behaviour 4.31 to 4.34: only the NT interface makes two allocations share a granule.
    @Test(
        "a granule that two allocations share is put in order for both",
        arguments: BackingKind.allCases,
        Disorder.allCases)
    func shared(backing: BackingKind, disorder: Disorder) throws {
        let scene = try Scene(backing, disorder)
        let memory = scene.memory
        try memory.commit(part(24..<25, of: scene.range))
        try memory.manager.release(part: part(22..<23, of: scene.range))
        try disorder.make(on: scene.granule)
        memory.manager.granules.noteUnsettled(scene.granule)
        try memory.commit(part(26..<27, of: scene.range))
        let expected: [Access] =
            [.write, .write, .write, .write, .read, .read, .none, .none]
            + [.write, .none, .write, .none, .none, .none, .none, .none]
        #expect(Access.to(scene.granule) == expected)
        #expect(!scene.isUnsettled)
    }
}
