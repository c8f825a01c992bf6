// Counts the islands, which are runs of prepared granules. Each island is a mapping and divides another; the
// kernel allows some 65,000 mappings. So if there are many islands, new ones are joined to old ones by
// preparing the granules in between, and islands without committed pages are given up.

import AddressSpace
import LinuxKernel
import Synchronization

/// An estimate of the number of islands. Every preparation updates it, and `endLooking` makes it exact.
@safe struct Islands {
    /// While any page is committed, up to this many islands are kept: some 3 % of the mappings that the
    /// kernel allows. An island that is given up and made again costs three more system calls each time.
    static var fewest: UInt64 { 1024 }
    /// While no page is committed, up to this many islands are kept.
    private static var fewestIdle: UInt64 { 4 }
    /// From this many islands on, which divide memory into a quarter of the mappings that the kernel allows,
    /// new ones are joined to old ones further away. Markers in between take 25 ns a page.
    private static var manyByCount: UInt64 { 8192 }
    /// The most granules between two islands that are always prepared along with the second island.
    private static var usualReach: UInt { 4 }

    /// The count; the limit; the ballast (two words); whether a thread is searching for idle islands; whether
    /// commits of the mapped backing join; whether granules are unsettled.
    private let words: StampedWordPointer

    @inline(__always)
    init(words: StampedWordPointer) { unsafe self.words = unsafe words }

    @inline(__always) var ballast: Ballast { unsafe Ballast(words: words + 2) }

    private var count: UInt64 { unsafe words[0].load(ordering: .relaxed) }
    private var limit: UInt64 { max(unsafe words[1].load(ordering: .relaxed), Islands.fewest) }

    /// Whether to search for idle islands.
    @inline(__always) var areTooMany: Bool { count > limit && count < UInt64.max / 2 }

    /// The most pages between two committed ones that the mapped backing joins: 8 MiB.
    static var farthestMapped: UInt { 2048 }

    /// Whether to search while no page is committed.
    @inline(__always) var areLeftOver: Bool {
        let areUnsettled = unsafe words[6].load(ordering: .relaxed) != 0
        return areUnsettled || count > Islands.fewestIdle
    }

    /// Notes that there are unsettled granules, which cost mappings too.
    func noteUnsettled() { unsafe words[6].store(1, ordering: .relaxed) }

    func forgetUnsettled() { unsafe words[6].store(0, ordering: .relaxed) }

    /// The most granules between a new island and an old one to which it is joined.
    ///
    /// The markers in between take 8 bytes a page. Up to 2 MiB they need no further page of the kernel's page
    /// tables, because they lie in those of the islands.
    var reach: UInt {
        switch count {
        case ..<Islands.manyByCount: Islands.usualReach
        case ..<12288: 32
        case ..<16384: 64
        default: 256
        }
    }

    /// Counts `run`, which is about to be prepared.
    func noteJoining(_ run: PageRange, _ prepared: GranuleSet) {
        switch neighbours(of: run, prepared) {
        case 0: unsafe _ = words[0].wrappingAdd(1, ordering: .relaxed)
        case 2: unsafe _ = words[0].wrappingSubtract(1, ordering: .relaxed)
        default: break
        }
    }

    /// Counts `run`, whose preparation is about to be undone.
    func noteParting(_ run: PageRange, _ prepared: GranuleSet) {
        if count == 0 { return }
        switch neighbours(of: run, prepared) {
        case 0: unsafe _ = words[0].wrappingSubtract(1, ordering: .relaxed)
        case 2: unsafe _ = words[0].wrappingAdd(1, ordering: .relaxed)
        default: break
        }
    }

    private func neighbours(of run: PageRange, _ prepared: GranuleSet) -> Int {
        let (first, end) = (run.granules.lowerBound, run.granules.upperBound)
        return (first > 0 && prepared.contains(first &- 1) ? 1 : 0)
            + (prepared.contains(end) ? 1 : 0)
    }

    /// Whether another thread is searching for idle islands.
    var areLookedThrough: Bool { unsafe words[4].load(ordering: .relaxed) != 0 }

    /// - Returns: False if another thread is searching for idle islands.
    func beginLooking() -> Bool { unsafe (words + 4).exchange(expected: 0, desired: 1) }

    /// - Parameter found: The number of islands that are left.
    func endLooking(found: UInt64) {
        unsafe words[0].store(found, ordering: .relaxed)
        unsafe words[1].store(found &* 2, ordering: .relaxed)
        unsafe words[4].store(0, ordering: .releasing)
    }

    /// Whether commits of the mapped backing are joined, because the kernel has refused one.
    var isMappedJoining: Bool { unsafe words[5].load(ordering: .relaxed) != 0 }

    func joinMapped() { unsafe words[5].store(1, ordering: .relaxed) }

    /// In the child of a fork: the thread that was searching does not exist here.
    func adopt() {
        ballast.adopt()
        unsafe words[4].store(0, ordering: .relaxed)
    }
}

extension MemoryManager {
    @inline(__always) var islands: Islands { unsafe Islands(words: storage.islands) }
}
