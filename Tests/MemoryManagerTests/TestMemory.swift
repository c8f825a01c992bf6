// A memory manager of a test's own: fresh storage, settings of the test's choice, the real kernel.

import Glibc
import LinuxKernel
import Synchronization
import TestSupport
import Testing

@testable import AddressSpace
@testable import MemoryManager

extension BackingKind: CaseIterable {
    public static var allCases: [BackingKind] { [.guarded, .mapped] }
}

/// Everything it maps is unmapped when it goes.
final class TestMemory: Sendable {
    private let words = ZeroedBlock(byteCount: 8 * AddressMapStorage.wordCount)

    init(_ backing: BackingKind, commitLimit: UInt = 1 << 20) {
        let settings = unsafe storage.settings
        let done: UInt64 = 2
        unsafe settings[0].store(backing.rawValue, ordering: .relaxed)
        unsafe settings[1].store(UInt64(commitLimit), ordering: .relaxed)
        unsafe storage.presence.pointee.store(done, ordering: .releasing)
    }

    /// Every test ends with a sound map, and with every operation ended.
    deinit {
        #expect(map.brokenInvariant() == nil, "at the end")
        #expect(claimCount == 0, "at the end")
        for extent in extents where extent.state != .unowned {
            do { try Mapping.release(extent.range) } catch {}
        }
        if let ballast { try? Mapping.release(ballast) }
    }

    var storage: AddressMapStorage { unsafe AddressMapStorage(words: words.words) }

    var manager: MemoryManager { MemoryManager(storage: storage) }
    var map: AddressMap { manager.map }

    struct Extent: Equatable {
        let range: PageRange
        let state: PageState
    }

    /// The extents of the map, lowest first.
    var extents: [Extent] {
        var found: [Extent] = []
        var page: UInt = 0
        while page < Page.endOfMap {
            let range = PageRange(from: page, to: map.endOfExtent(containing: page))
            found.append(Extent(range: range, state: map.state(of: page)))
            page = range.end
        }
        return found
    }

    // What a test asks for most.

    func reserve(_ pageCount: UInt, _ backed: CommitTiming = .later) throws -> PageRange {
        let base = try manager.reserve(
            PlacementRequest(pageCount: pageCount), PageProtection(.readWrite), backed)
        let start = Page.index(of: base)
        return PageRange(from: start, to: start + pageCount)
    }

    func commit(_ range: PageRange, _ access: Protection = .readWrite, _ guardState: Guard = .off)
        throws
    {
        try manager.commit(range, PageProtection(access, guardState: guardState))
    }

    /// Where the ballast is; `nil` before it is made.
    var ballast: PageRange? {
        let base = UInt(unsafe storage.islands[2].load(ordering: .relaxed))
        return base == 0
            ? nil : PageRange(spanning: base, byteCount: Ballast.pageCount * Page.byteCount)
    }

    /// How many claims are announced.
    var claimCount: Int {
        (0..<Int(OperationSlots.count / 64)).reduce(0) {
            unsafe $0 + (storage.claimMasks + $1).pointee.load(ordering: .relaxed).nonzeroBitCount
        }
    }

    /// How many slots somebody has.
    var takenSlotCount: Int { (0..<OperationSlots.count).count { storage.slots[$0].owner != 0 } }

    func state(_ page: UInt) -> PageState { map.state(of: page) }

    func release(_ range: PageRange) throws {
        try manager.release(allocationBasedAt: range.start)
    }

    /// The states of the pages from two below `range` to two above it, and the charge.
    func picture(of range: PageRange) -> [UInt] {
        (range.start - 2..<range.end + 2).map { UInt(state($0).rawValue) } + [map.charge.pageCount]
    }
}

/// Pages `offsets` of `range`.
func part(_ offsets: Range<UInt>, of range: PageRange) -> PageRange {
    PageRange(from: range.start + offsets.lowerBound, to: range.start + offsets.upperBound)
}

/// What the processor allows on a page just now, tried without a fault.
enum Access {
    case none
    case read
    case write

    static func to(_ page: UInt) -> Access { to(PageRange(from: page, to: page + 1))[0] }

    /// Asks the kernel to copy the first byte of each page into a pipe, and back.
    static func to(_ range: PageRange) -> [Access] {
        var ends: [Int32] = [0, 0]
        let isMade = unsafe pipe(&ends) == 0
        precondition(isMade, "no pipe")
        defer { for end in ends { close(end) } }
        return (range.start..<range.end).map { page in
            let address = unsafe UnsafeMutableRawPointer(bitPattern: Page.address(of: page))
            if unsafe Glibc.write(ends[1], address, 1) != 1 { return .none }
            if unsafe Glibc.read(ends[0], address, 1) == 1 { return .write }
            var byte: UInt8 = 0
            let isTaken = unsafe Glibc.read(ends[0], &byte, 1) == 1
            precondition(isTaken, "the byte is in the pipe")
            return .read
        }
    }
}

/// The first word of committed pages.
enum Contents {
    static func set(_ value: UInt64, at page: UInt) {
        unsafe pointer(page).pointee = value
    }

    static func at(_ page: UInt) -> UInt64 { unsafe pointer(page).pointee }

    private static func pointer(_ page: UInt) -> UnsafeMutablePointer<UInt64> {
        unsafe UnsafeMutablePointer(bitPattern: Page.address(of: page))!
    }
}
