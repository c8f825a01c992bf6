// One bit for each page. The bits are not changed by journals: only the owner of a claim on a page changes
// its bit, with atomic operations that keep the other bits of the word.

import Synchronization

/// Pages that had contents when they were last reset. MEM_RESET_UNDO must find these contents again.
package struct NotedPages {
    private let directory: PageDirectory

    @inline(__always)
    package init(directory: PageDirectory) { self.directory = directory }

    /// The bits of the 64 pages around `page`, those of one word, lowest first.
    @inline(__always)
    package func word(at page: UInt) -> UInt64 {
        guard let table = directory.table(of: page) else { return 0 }
        return unsafe table.notedWord(page).pointee.load(ordering: .relaxed)
    }

    /// Sets the bits of `mask` in the word of the 64 pages around `page`.
    package func insert(_ mask: UInt64, at page: UInt) {
        guard let table = directory.table(of: page) else { return }
        unsafe table.notedWord(page).set(bits: mask)
    }

    /// Clears the bits of `mask` in the word of the 64 pages around `page`.
    package func remove(_ mask: UInt64, at page: UInt) {
        guard let table = directory.table(of: page) else { return }
        unsafe table.notedWord(page).clear(bits: mask)
    }

    /// True if every page of `range` is noted.
    package func containsAll(of range: PageRange) -> Bool {
        var isFull = true
        NotedPages.forEachWord(of: range) { page, mask in
            if word(at: page) & mask != mask { isFull = false }
        }
        return isFull
    }

    /// True if no page is noted in the words of the first and the last page of `range`. The range has at most
    /// 64 pages, so these words cover it.
    @inline(__always)
    package func hasNone(nearby range: PageRange) -> Bool {
        word(at: range.start) | word(at: range.end &- 1) == 0
    }

    package func removeAll(of range: PageRange) {
        NotedPages.forEachWord(of: range) { page, mask in
            if word(at: page) & mask != 0 { remove(mask, at: page) }
        }
    }

    /// Calls `body` with each multiple of 64 pages that `range` touches, and the bits of the range in
    /// its word.
    @inline(__always)
    package static func forEachWord(of range: PageRange, _ body: (UInt, UInt64) -> Void) {
        var page = range.start
        while page < range.end {
            let first = page & ~63
            let end = min(first &+ 64, range.end)
            var mask = UInt64.max &<< UInt64(truncatingIfNeeded: page & 63)
            if end &- first < 64 {
                mask &= UInt64.max &>> UInt64(truncatingIfNeeded: 64 &- (end &- first))
            }
            body(first, mask)
            page = end
        }
    }
}
