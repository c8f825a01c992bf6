// Several threads that release parts of one allocation, and use again what they released.

import AddressSpace
import Synchronization
import TestSupport
import Testing

@testable import MemoryManager

/// One thread's pages of the allocation. They begin and end inside granules that others have pages in.
private struct Stripe {
    struct StripePage {
        /// Counted by the thread; nil for released pages.
        var allocation: Int? = 0
        /// The first word; nil for a reserved page.
        var value: UInt64?
    }

    let memory: TestMemory
    let range: PageRange
    var generator: SeededGenerator
    var pages: [StripePage]
    var allocationCount = 1
    var faultCount = 0

    init(memory: TestMemory, range: PageRange, seed: UInt64) {
        self.memory = memory
        self.range = range
        generator = SeededGenerator(seed: seed)
        pages = Array(repeating: StripePage(), count: Int(range.pageCount))
    }

    /// Pages of one allocation.
    private mutating func pick() -> Range<Int>? {
        let start = Int.random(in: pages.indices, using: &generator)
        guard let allocation = pages[start].allocation else { return nil }
        let most = start + Int.random(in: 1...12, using: &generator)
        let end = pages[start...].firstIndex { $0.allocation != allocation } ?? pages.endIndex
        return start..<min(most, end)
    }

    private func numbers(_ offsets: Range<Int>) -> PageRange {
        part(UInt(offsets.lowerBound)..<UInt(offsets.upperBound), of: range)
    }

    private mutating func commit() throws {
        guard let offsets = pick() else { return }
        try memory.commit(numbers(offsets))
        for offset in offsets where pages[offset].value == nil { pages[offset].value = 0 }
    }

    private mutating func decommit() throws {
        guard let offsets = pick() else { return }
        try memory.manager.decommit(numbers(offsets))
        for offset in offsets { pages[offset].value = nil }
    }

    private mutating func releasePart() throws {
        guard let offsets = pick() else { return }
        try memory.manager.release(part: numbers(offsets))
        for offset in offsets { pages[offset] = StripePage(allocation: nil) }
    }

    /// All the room from a granule on that this thread has released.
    private mutating func reserveAgain() throws {
        let start = Int.random(in: pages.indices, using: &generator)
        let first = start - Int((range.start + UInt(start)) % 16)
        guard first >= 0, pages[first].allocation == nil else { return }
        let end = pages[first...].firstIndex { $0.allocation != nil } ?? pages.endIndex
        let backed: CommitTiming = Bool.random(using: &generator) ? .atOnce : .later
        try memory.manager.reserve(numbers(first..<end), PageProtection(.readWrite), backed)
        for offset in first..<end {
            pages[offset] = StripePage(
                allocation: allocationCount, value: backed == .atOnce ? 0 : nil)
        }
        allocationCount += 1
    }

    private mutating func write() {
        let offset = Int.random(in: pages.indices, using: &generator)
        if pages[offset].value == nil { return }
        let value = UInt64.random(in: 1...(.max), using: &generator)
        Contents.set(value, at: range.start + UInt(offset))
        pages[offset].value = value
    }

    /// - Parameter offset: Of the page to look at.
    func isAsExpected(_ offset: Int) throws -> Bool {
        let page = pages[offset]
        let number = range.start + UInt(offset)
        let state = try memory.manager.region(at: Page.address(of: number)).state
        if let value = page.value {
            return state == .committed(PageProtection(.readWrite)) && Contents.at(number) == value
        }
        return state == (page.allocation == nil ? .free : .reserved)
    }

    mutating func work(_ turnCount: Int) throws {
        for _ in 0..<turnCount {
            switch Int.random(in: 0..<10, using: &generator) {
            case 0, 1: try commit()
            case 2: try decommit()
            case 3: try releasePart()
            case 4: try reserveAgain()
            case 5...7: write()
            default:
                let offset = Int.random(in: pages.indices, using: &generator)
                if try !isAsExpected(offset) { faultCount += 1 }
            }
        }
        for offset in pages.indices where try !isAsExpected(offset) { faultCount += 1 }
    }
}

@Suite("Release of a part, several threads")
struct ReleasePartConcurrencyTests {
    private static let threadCount = 4
    private static let stripePageCount: UInt = 53

    private final class Tally: Sendable {
        let faultCount = Atomic(0)
        let errorCount = Atomic(0)
        let committedCount = Atomic(0)
    }

    // Source: behaviour 2.10, 4.31 to 4.34.
    @Test(
        "threads that release neighbouring parts keep each other's pages",
        arguments: BackingKind.allCases, 1...4 as ClosedRange<UInt64>)
    func stripes(backing: BackingKind, seed: UInt64) throws {
        let memory = TestMemory(backing)
        let whole = try memory.reserve(Self.stripePageCount * UInt(Self.threadCount))
        let tally = Tally()
        onThreads(Self.threadCount) { thread in
            let first = Self.stripePageCount * UInt(thread)
            var stripe = Stripe(
                memory: memory, range: part(first..<first + Self.stripePageCount, of: whole),
                seed: seed * 100 + UInt64(thread))
            do { try stripe.work(600) } catch { tally.errorCount.add(1, ordering: .relaxed) }
            let committedCount = stripe.pages.count { $0.value != nil }
            tally.faultCount.add(stripe.faultCount, ordering: .relaxed)
            tally.committedCount.add(committedCount, ordering: .relaxed)
        }
        #expect(tally.errorCount.load(ordering: .relaxed) == 0, "seed \(seed)")
        #expect(tally.faultCount.load(ordering: .relaxed) == 0, "seed \(seed)")
        #expect(Int(memory.map.charge.pageCount) == tally.committedCount.load(ordering: .relaxed))
        #expect(memory.map.brokenInvariant() == nil, "seed \(seed)")
    }
}
