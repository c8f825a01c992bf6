// Which pages had contents when they were reset.

import TestSupport
import Testing

@testable import AddressSpace

@Suite("Noted pages")
struct NotedPagesTests {
    private let test = TestMap(tablesOf: [0, 1 << 20])
    private var contents: NotedPages { NotedPages(directory: test.map.directory) }

    private func fill(_ range: Range<UInt>) {
        NotedPages.forEachWord(of: pages(range)) { contents.insert($1, at: $0) }
    }

    @Test(
        "a range is split into words that cover each of its pages once",
        arguments: [
            0..<1, 63..<64, 63..<65, 0..<64, 10..<20, 5..<300, 64..<128,
            (1 << 20) - 3..<(1 << 20) + 3,
        ] as [Range<UInt>])
    func words(range: Range<UInt>) {
        var covered: [UInt] = []
        NotedPages.forEachWord(of: pages(range)) { page, mask in
            covered += (0..<64).filter { mask & 1 << UInt64($0) != 0 }.map { page + $0 }
        }
        #expect(covered == Array(range))
    }

    @Test(
        "a range is noted if and only if each of its pages is",
        arguments: [70, 100, 191] as [UInt])
    func containsAll(missing: UInt) {
        fill(60..<200)
        #expect(contents.containsAll(of: pages(60..<200)))
        contents.remove(1 << UInt64(missing & 63), at: missing & ~63)
        #expect(!contents.containsAll(of: pages(60..<200)))
        #expect(contents.containsAll(of: pages(60..<missing)))
        #expect(contents.containsAll(of: pages(missing + 1..<200)))
    }

    @Test("removing a range does not change the bits around it")
    func removeAll() {
        fill(0..<256)
        contents.removeAll(of: pages(10..<130))
        #expect(contents.containsAll(of: pages(0..<10)))
        #expect(contents.containsAll(of: pages(130..<256)))
        #expect(contents.word(at: 64) == 0)
    }
}
