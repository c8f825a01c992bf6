// A set of page numbers in which the next and the previous member are found fast: a tree of 32-bit words,
// seven levels over the 2^35 pages of user space. A bit is set if its word on the level below is not zero.
// The lower four levels live in the page tables, the upper three in storage of their own.

import Synchronization

/// The pages at which a run begins, at which an allocation begins or ends, or at which free space ends.
@safe package struct BoundarySet {
    static let levelCount: UInt = 7
    /// Journal entries that `removeAll` leaves free for the boundaries around the removed ones.
    private static let reserve: UInt = 84
    /// Runs, allocations, the gaps of each size class, and the unowned ends.
    static let count: UInt = 2 + GapSets.setCount
    static let runs: UInt = 0
    static let allocations: UInt = 1
    static let firstOfGaps: UInt = 2
    static let unownedEnds: UInt = firstOfGaps + GapSets.classCount

    let storage: AddressMapStorage
    /// Which of the sets this is.
    let number: UInt

    @inline(__always)
    init(_ number: UInt, in storage: AddressMapStorage) {
        self.number = number
        self.storage = storage
    }

    @inline(__always) var directory: PageDirectory { storage.directory }

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
        level == 0
            ? unsafe table.lowestWord(holding: position, ofSet: number)
            : unsafe table.upperWord(
                level: level, above: position &<< (5 &* level), ofSet: number)
    }

    /// The word of level 4, 5 or 6, which have 1024, 32 and 1 words in all.
    @inline(__always)
    func upperWord(level: UInt, holding position: UInt) -> StampedWordPointer {
        if level == 6 { return unsafe storage.root(ofSet: number) }
        return unsafe storage.upperWord((level &- 4) &<< 10 &+ position &>> 5, ofSet: number)
    }

    /// The bits of level 0 of `page` and its neighbours.
    @inline(__always)
    func lowestBits(holding page: UInt) -> UInt32 {
        guard let table = directory.table(of: page) else { return 0 }
        return bits(table, level: 0, holding: page)
    }

    /// The bits of `level`, below 4, of `position` and its neighbours.
    @inline(__always)
    func bits(_ table: PageTable, level: UInt, holding position: UInt) -> UInt32 {
        if level == 0, let sizeClass {
            return GapSets.ends(ofClass: sizeClass, around: position, in: table)
        }
        return unsafe payload(of: word(table, level: level, holding: position))
    }

    /// The size class, if this is a set of gaps; `nil` otherwise.
    @inline(__always)
    private var sizeClass: UInt? {
        let isOfGaps = number >= BoundarySet.firstOfGaps && number < BoundarySet.unownedEnds
        return isOfGaps ? number &- BoundarySet.firstOfGaps : nil
    }

    /// True if the set is empty.
    @inline(__always)
    var isEmpty: Bool { unsafe payload(of: storage.root(ofSet: number)) == 0 }

    @inline(__always)
    package func contains(_ page: UInt) -> Bool {
        lowestBits(holding: page) & BoundaryBits.bit(of: page) != 0
    }

    /// Adds `page`. Its table exists.
    @inline(never)
    package func insert(_ page: UInt, _ journal: inout Journal) {
        insertInLine(page, &journal)
    }

    /// Same as `insert`, in line, for calls where every instruction counts.
    @inline(__always)
    func insertInLine(_ page: UInt, _ journal: inout Journal) {
        guard let table = directory.table(of: page) else { return }
        let word = unsafe word(table, level: 0, holding: page)
        let bit = BoundaryBits.bit(of: page)
        // Mostly the word has other bits, and no level above changes.
        if unsafe journal.change(word, keeping: .max, setting: bit).before == 0 {
            insertAbove(page, &journal)
        }
    }

    /// Sets the bits of the levels above: the word of `page` on level 0 is no longer zero.
    @inline(never)
    func insertAbove(_ page: UInt, _ journal: inout Journal) {
        var position = page &>> 5
        for level in 1..<BoundarySet.levelCount {
            guard let word = unsafe word(level: level, holding: position) else { return }
            let bit = BoundaryBits.bit(of: position)
            if unsafe journal.change(word, keeping: .max, setting: bit).before != 0 { return }
            if level == 1 && number == BoundarySet.runs { storage.memory.noteUse(around: page) }
            position &>>= 5
        }
    }

    /// Removes `page`, if the set has it.
    @inline(never)
    package func remove(_ page: UInt, _ journal: inout Journal) {
        removeInLine(page, &journal)
    }

    /// Same as `remove`, in line, for calls where every instruction counts.
    @inline(__always)
    func removeInLine(_ page: UInt, _ journal: inout Journal) {
        remove(bits: BoundaryBits.bit(of: page), around: page, &journal)
    }

    @inline(__always)
    private func remove(bits mask: UInt32, around page: UInt, _ journal: inout Journal) {
        guard let table = directory.table(of: page) else { return }
        let word = unsafe word(table, level: 0, holding: page)
        let change = unsafe journal.change(word, keeping: ~mask, setting: 0)
        if change.after == 0 && change.before != 0 { removeAbove(page, &journal) }
    }

    /// Clears the bits of the levels above: the word of `page` on level 0 is zero now.
    @inline(never)
    func removeAbove(_ page: UInt, _ journal: inout Journal) {
        var position = page &>> 5
        for level in 1..<BoundarySet.levelCount {
            guard let word = unsafe word(level: level, holding: position) else { return }
            let bit = BoundaryBits.bit(of: position)
            let change = unsafe journal.change(word, keeping: ~bit, setting: 0)
            if level == 3 && number == BoundarySet.runs { storage.memory.noteIdle(around: page) }
            if change.after != 0 || change.before == 0 { return }
            position &>>= 5
        }
    }

    /// Removes every boundary from `start` up to `end`, as far as the journal has room.
    ///
    /// - Returns: The page up to which all boundaries are removed; `end` when the work is complete.
    package func removeAll(from start: UInt, to end: UInt, _ journal: inout Journal) -> UInt {
        var position = start
        while true {
            let page = next(from: position, notBeyond: end)
            if page >= end { return end }
            if journal.remaining < BoundarySet.reserve { return page }
            let wordEnd = (page | 31) &+ 1
            var mask = BoundaryBits.mask(from: page)
            if end < wordEnd { mask &= BoundaryBits.mask(upTo: end &- 1) }
            remove(bits: mask, around: page, &journal)
            position = wordEnd
            if position >= end { return end }
        }
    }
}
