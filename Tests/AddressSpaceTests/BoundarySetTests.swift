// The set of boundaries against Swift's own Set.

import TestSupport
import Testing

@testable import AddressSpace

@Suite("Boundary sets")
struct BoundarySetTests {
    /// Pages at both ends of words and tables, on every level of the tree.
    static let edges: [UInt] = [
        0, 1, 31, 32, 1023, 1024, 32767, 32768, (1 << 20) - 1, 1 << 20, (1 << 25) - 1, 1 << 25,
        (1 << 30) - 1, 1 << 30, (1 << 35) - 32, (1 << 35) - 1,
    ]

    private let test = TestMap(tablesOf: Self.edges)
    private var set: BoundarySet { test.map.runs }

    private func expectSame(as reference: Set<UInt>, at page: UInt, _ note: String = "") {
        let next = reference.filter { $0 >= page }.min() ?? Page.endOfMap
        let previous = reference.filter { $0 <= page }.max()
        #expect(set.contains(page) == reference.contains(page), "\(page) \(note)")
        #expect(set.next(from: page) == next, "\(page) \(note)")
        #expect(set.previous(from: page) == previous, "\(page) \(note)")
    }

    @Test("an empty set has no neighbours anywhere", arguments: edges)
    func empty(page: UInt) { expectSame(as: [], at: page) }

    @Test("the neighbours of every page are found at any distance", arguments: edges)
    func oneMember(member: UInt) {
        test.transact { set.insert(member, &$0) }
        for page in Self.edges { expectSame(as: [member], at: page) }
        test.transact { set.remove(member, &$0) }
        for page in Self.edges { expectSame(as: [], at: page) }
    }

    @Test("no boundary follows the last page, even if boundaries exist at the first pages")
    func afterTheEnd() {
        test.transact { journal in
            set.insert(16, &journal)
            set.insert(Page.endOfMap - 1, &journal)
        }
        #expect(set.next(from: Page.endOfMap) == Page.endOfMap)
    }

    @Test("pairs of members do not disturb each other", arguments: edges, edges)
    func twoMembers(first: UInt, second: UInt) {
        test.transact { journal in
            set.insert(first, &journal)
            set.insert(second, &journal)
        }
        for page in Self.edges { expectSame(as: [first, second], at: page) }
        test.transact { set.remove(first, &$0) }
        let rest: Set<UInt> = first == second ? [] : [second]
        for page in Self.edges { expectSame(as: rest, at: page) }
    }

    @Test("inserting and removing in one transaction add up")
    func oneTransaction() {
        test.transact { journal in
            set.insert(40, &journal)
            set.remove(40, &journal)
            set.remove(50, &journal)
            set.insert(50, &journal)
        }
        expectSame(as: [50], at: 45)
        expectSame(as: [50], at: 50)
    }

    @Test("one boundary takes at most seven journal entries")
    func entries() {
        test.transact { journal in
            set.insert((1 << 35) - 1, &journal)
            #expect(journal.count == 7)
        }
    }

    @Test("removing a range removes its members, and neither its end nor members around it")
    func removeAll() {
        let members: Set<UInt> = [10, 11, 31, 32, 99, 100, 1023, 1024, 5000]
        for member in members { test.transact { set.insert(member, &$0) } }
        let end = test.transact { set.removeAll(from: 11, to: 1024, &$0) }
        #expect(end == 1024)
        for page in members { expectSame(as: [10, 1024, 5000], at: page) }
    }

    @Test("a removal that is too large for one journal can be continued in another")
    func removeInParts() {
        for page in stride(from: UInt(0), to: 40_000, by: 8) {
            test.transact { set.insert(page, &$0) }
        }
        var start: UInt = 1
        var transactionCount = 0
        while start < 39_000 {
            start = test.transact { set.removeAll(from: start, to: 39_000, &$0) }
            transactionCount += 1
        }
        #expect(transactionCount > 1)
        #expect(set.next(from: 1) == 39_000)
        #expect(set.previous(from: 38_999) == 0)
    }

    @Test(
        "random changes have the same result as on a plain set", arguments: seeds(20, watched: 2)
    )
    func random(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var reference: Set<UInt> = []
        for _ in 0..<400 {
            let edge = Self.edges.randomElement(using: &generator)!
            let page = edge ^ UInt.random(in: 0..<64, using: &generator)
            switch Int.random(in: 0..<5, using: &generator) {
            case 0, 1, 2:
                test.transact { set.insert(page, &$0) }
                reference.insert(page)
            case 3:
                test.transact { set.remove(page, &$0) }
                reference.remove(page)
            default:
                let end = min(page + UInt.random(in: 1..<100, using: &generator), Page.endOfMap)
                _ = test.transact { set.removeAll(from: page, to: end, &$0) }
                reference = reference.filter { !(page..<end).contains($0) }
            }
            expectSame(as: reference, at: page, "seed \(seed)")
            expectSame(as: reference, at: edge, "seed \(seed)")
        }
    }
}
