// A set of page numbers with fast neighbours: a tree of 32-bit words, seven levels over the 2^35
// pages of user space. A bit is set on a level if its word on the level below has one. The lower
// four levels live in the page tables, the upper three in storage of their own.

import Synchronization

/// The pages at which something begins (a run of like pages, or an allocation).
@safe package struct BoundarySet {
    static let levelCount: UInt = 7
    /// Entries that `removeAll` leaves for the boundaries around what it removed.
    private static let reserve: UInt = 84
    /// Words of the three upper levels: 1024 + 32 + 1.
    package static let upperWordCount: UInt = 1057

    let directory: PageDirectory
    let tableOffset: UInt
    let upper: StampedWordPointer

    /// - Parameter upper: `upperWordCount` zeroed words.
    @inline(__always)
    init(directory: PageDirectory, tableOffset: UInt, upper: StampedWordPointer) {
        self.directory = directory
        self.tableOffset = tableOffset
        unsafe self.upper = unsafe upper
    }

    /// The word of `level` that holds bit `position` of that level; `nil` where no table exists.
    @inline(__always)
    func word(level: UInt, holding position: UInt) -> StampedWordPointer? {
        if level >= 4 { return unsafe upperWord(level: level, holding: position) }
        guard let table = directory.table(of: position &<< (5 &* level)) else { return nil }
        return unsafe word(table, level: level, holding: position)
    }

    @inline(__always)
    func word(
        _ table: PageTable, level: UInt, holding position: UInt
    ) -> StampedWordPointer {
        // Levels have 32768, 1024, 32 and 1 words to a table.
        let offset: UInt = 33825 &- (33825 &>> (5 &* level))
        let inTable = position &>> 5 & ((32768 &>> (5 &* level)) &- 1)
        return unsafe table.word(tableOffset &+ offset &+ inTable)
    }

    /// The word of level 4, 5 or 6, which have 1024, 32 and 1 words in all.
    @inline(__always)
    func upperWord(level: UInt, holding position: UInt) -> StampedWordPointer {
        let offset: UInt = level == 4 ? 0 : level == 5 ? 1024 : 1056
        return unsafe upper + Int(bitPattern: offset &+ position &>> 5)
    }

    @inline(__always)
    func bits(level: UInt, holding position: UInt) -> UInt32 {
        guard let word = unsafe word(level: level, holding: position) else { return 0 }
        return unsafe payload(of: word)
    }

    /// True if the set has no page at all.
    @inline(__always)
    var isEmpty: Bool { unsafe payload(of: upperWord(level: 6, holding: 0)) == 0 }

    @inline(__always)
    package func contains(_ page: UInt) -> Bool {
        bits(level: 0, holding: page) & (1 &<< UInt32(truncatingIfNeeded: page & 31)) != 0
    }

    /// Adds `page`. Its table exists.
    @inline(never)
    package func insert(_ page: UInt, _ journal: inout Journal) {
        var position = page
        for level in 0..<BoundarySet.levelCount {
            guard let word = unsafe word(level: level, holding: position) else { return }
            let bit: UInt32 = 1 &<< UInt32(truncatingIfNeeded: position & 31)
            if unsafe journal.change(word, keeping: .max, setting: bit).before != 0 { return }
            position &>>= 5
        }
    }

    /// Removes `page`, if it is in.
    @inline(__always)
    package func remove(_ page: UInt, _ journal: inout Journal) {
        remove(bits: 1 &<< UInt32(truncatingIfNeeded: page & 31), around: page, &journal)
    }

    @inline(never)
    private func remove(bits mask: UInt32, around page: UInt, _ journal: inout Journal) {
        var position = page
        var mask = mask
        for level in 0..<BoundarySet.levelCount {
            guard let word = unsafe word(level: level, holding: position) else { return }
            let change = unsafe journal.change(word, keeping: ~mask, setting: 0)
            if change.after != 0 || change.before == 0 { return }
            position &>>= 5
            mask = 1 &<< UInt32(truncatingIfNeeded: position & 31)
        }
    }

    /// Removes every boundary from `start` up to `end`, as far as the journal has room.
    ///
    /// - Returns: The page up to which it is done; `end` when all is.
    package func removeAll(from start: UInt, to end: UInt, _ journal: inout Journal) -> UInt {
        var position = start
        while true {
            let page = next(from: position, notBeyond: end)
            if page >= end { return end }
            if journal.remaining < BoundarySet.reserve { return page }
            let wordEnd = (page | 31) &+ 1
            var mask = UInt32.max &<< UInt32(truncatingIfNeeded: page & 31)
            if end < wordEnd { mask &= UInt32.max &>> UInt32(truncatingIfNeeded: wordEnd &- end) }
            remove(bits: mask, around: page, &journal)
            position = wordEnd
            if position >= end { return end }
        }
    }
}
