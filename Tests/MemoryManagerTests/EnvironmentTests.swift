// What the environment variables mean.

import Glibc
import Testing

@testable import MemoryManager

@Suite("Environment", .serialized)
struct EnvironmentTests {
    private func with<Result>(_ name: String, _ value: String, _ body: () -> Result) -> Result {
        unsafe setenv(name, value, 1)
        defer { unsafe unsetenv(name) }
        return body()
    }

    @Test("unset variables give no setting")
    func unset() {
        unsafe unsetenv("WIN32MEMORY_BACKING")
        unsafe unsetenv("WIN32MEMORY_COMMIT_LIMIT")
        unsafe unsetenv("WIN32MEMORY_HUGE_PAGES")
        #expect(Environment.backing() == nil)
        #expect(!Environment.asksForHugePages())
        #expect(Environment.commitLimit() == nil)
        unsafe unsetenv("WIN32MEMORY_POPULATE")
        #expect(Environment.populatedByteCount() == nil)
    }

    @Test(
        "the commit limit is a number of bytes with at most one unit",
        arguments: [
            ("1", 1), ("4096", 4096), ("1K", 1 << 10), ("1k", 1 << 10), ("512M", 512 << 20),
            ("3g", 3 << 30), ("2T", 2 << 40), ("18446744073709551615", .max),
            ("16777215T", 16_777_215 << 40),
        ] as [(String, UInt64)])
    func limit(text: String, expected: UInt64) {
        #expect(with("WIN32MEMORY_COMMIT_LIMIT", text) { Environment.commitLimit() } == expected)
    }

    @Test(
        "other text is ignored",
        arguments: [
            "", "0", "0K", "K", "-1", "+1", " 1", "1 ", "1.5G", "1KB", "1KK", "0x10", "12Q",
            "18446744073709551616", "99999999999999999999999", "16777216T", "18014398509481984K",
        ])
    func nonsense(text: String) {
        #expect(with("WIN32MEMORY_COMMIT_LIMIT", text) { Environment.commitLimit() } == nil)
    }

    @Test(
        "the populated size is a number of bytes",
        arguments: [("64K", 1 << 16), ("1", 1), ("0", nil), ("all", nil), ("64KB", nil)]
            as [(String, UInt64?)])
    func populated(text: String, expected: UInt64?) {
        #expect(with("WIN32MEMORY_POPULATE", text) { Environment.populatedByteCount() } == expected)
    }

    @Test(
        "a backing is selected by its name",
        arguments: [("guarded", BackingKind.guarded), ("mapped", .mapped)])
    func backing(name: String, expected: BackingKind) {
        #expect(with("WIN32MEMORY_BACKING", name) { Environment.backing() } == expected)
    }

    @Test(
        "no other word names a backing",
        arguments: ["", "guard", "guardedx", "Guarded", "mappe", "mapped ", "both"])
    func unknownBacking(name: String) {
        #expect(with("WIN32MEMORY_BACKING", name) { Environment.backing() } == nil)
    }

    @Test(
        "huge pages are asked for only if the value is ask",
        arguments: [("ask", true), ("system", false), ("", false), ("ASK", false), ("ask ", false)]
            as [(String, Bool)])
    func hugePages(text: String, expected: Bool) {
        #expect(with("WIN32MEMORY_HUGE_PAGES", text) { Environment.asksForHugePages() } == expected)
    }
}
