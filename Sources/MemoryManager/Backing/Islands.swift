// How many stretches of prepared granules there are. Each is a mapping of the kernel's, and divides
// another; the kernel keeps some 65,000. So when there are many, new ones are joined to old ones by
// preparing what lies between, and those in which nothing is committed any more are given up.

import AddressSpace
import LinuxKernel
import Synchronization

/// A count, kept by whoever prepares; near enough, and made exact from time to time.
@safe struct Islands {
    /// Fewer are never too many, while anything is committed: some 3 % of the mappings that the kernel
    /// keeps. One that comes and goes would be made anew each time, with three calls more.
    static var fewest: UInt64 { 1024 }
    /// More are too many when nothing at all is committed.
    private static var fewestIdle: UInt64 { 4 }
    /// From so many on, a quarter of the mappings that the kernel keeps, new ones are joined to old ones
    /// that are further away. Markers in between take 25 ns a page.
    private static var manyByCount: UInt64 { 8192 }
    /// Granules between two islands that are always prepared along with the second.
    private static var usualReach: UInt { 4 }

    /// The count; how many are too many; ballast (two words); whether somebody is looking through them;
    /// whether commits of the mapped backing join; whether granules are unsettled.
    private let words: StampedWordPointer

    @inline(__always)
    init(words: StampedWordPointer) { unsafe self.words = unsafe words }

    @inline(__always) var ballast: Ballast { unsafe Ballast(words: words + 2) }

    private var count: UInt64 { unsafe words[0].load(ordering: .relaxed) }
    private var limit: UInt64 { max(unsafe words[1].load(ordering: .relaxed), Islands.fewest) }

    /// Whether it pays to look through them.
    @inline(__always) var areTooMany: Bool { count > limit && count < UInt64.max / 2 }

    /// Pages that may lie between two that the mapped backing joins: 8 MiB.
    static var farthestMapped: UInt { 2048 }

    /// Whether it pays although nothing is committed any more.
    @inline(__always) var areLeftOver: Bool {
        let areUnsettled = unsafe words[6].load(ordering: .relaxed) != 0
        return areUnsettled || count > Islands.fewestIdle
    }

    /// Some granules are not settled, which costs mappings as well.
    func noteUnsettled() { unsafe words[6].store(1, ordering: .relaxed) }

    func forgetUnsettled() { unsafe words[6].store(0, ordering: .relaxed) }

    /// How many granules may lie between a new island and an old one to which it is joined.
    ///
    /// The markers in between take 8 bytes a page, and no page of the kernel's tables more as long as
    /// they lie in those of the islands themselves: up to 2 MiB.
    var reach: UInt {
        switch count {
        case ..<Islands.manyByCount: Islands.usualReach
        case ..<12288: 32
        case ..<16384: 64
        default: 256
        }
    }

    /// `run` is about to be prepared.
    func noteJoining(_ run: PageRange, _ prepared: GranuleSet) {
        switch neighbours(of: run, prepared) {
        case 0: unsafe _ = words[0].wrappingAdd(1, ordering: .relaxed)
        case 2: unsafe _ = words[0].wrappingSubtract(1, ordering: .relaxed)
        default: break
        }
    }

    /// `run` is about to be prepared no longer.
    func noteParting(_ run: PageRange, _ prepared: GranuleSet) {
        if count == 0 { return }
        switch neighbours(of: run, prepared) {
        case 0: unsafe _ = words[0].wrappingSubtract(1, ordering: .relaxed)
        case 2: unsafe _ = words[0].wrappingAdd(1, ordering: .relaxed)
        default: break
        }
    }

    private func neighbours(of run: PageRange, _ prepared: GranuleSet) -> Int {
        let first = run.start / Page.perGranule
        let end = (run.end &+ Page.perGranule &- 1) / Page.perGranule
        return (first > 0 && prepared.contains(first &- 1) ? 1 : 0)
            + (prepared.contains(end) ? 1 : 0)
    }

    /// Whether another thread is looking through them.
    var areLookedThrough: Bool { unsafe words[4].load(ordering: .relaxed) != 0 }

    /// - Returns: False if another thread is looking through them.
    func beginLooking() -> Bool { unsafe (words + 4).exchange(expected: 0, desired: 1) }

    /// - Parameter found: As many are left.
    func endLooking(found: UInt64) {
        unsafe words[0].store(found, ordering: .relaxed)
        unsafe words[1].store(found &* 2, ordering: .relaxed)
        unsafe words[4].store(0, ordering: .releasing)
    }

    /// Whether commits of the mapped backing join, since the kernel has refused one.
    var isMappedJoining: Bool { unsafe words[5].load(ordering: .relaxed) != 0 }

    func joinMapped() { unsafe words[5].store(1, ordering: .relaxed) }

    /// In the child of a fork: whoever was at it stayed behind.
    func adopt() {
        ballast.adopt()
        unsafe words[4].store(0, ordering: .relaxed)
    }
}

extension MemoryManager {
    @inline(__always) var islands: Islands { unsafe Islands(words: storage.islands) }
}
