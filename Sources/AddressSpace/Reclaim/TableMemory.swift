// Counts the memory of the tables, and notes which tables have memory that can go back to the system: that of
// idle blocks, in which no run begins any more (IdlePages.swift).
//
// The notes are not part of journals: they are made by drafts, which may never be published. They only
// influence when memory is given back; the map itself decides which memory may be.

import Synchronization

/// An estimate of the memory in use, and the tables in which blocks became idle lately.
@safe package struct TableMemory {
    /// The number of pages of tables that are kept for the next use.
    private static let keptPageCount: UInt64 = 1024
    /// Pages of memory that the first used stretch of a block takes in addition to its own.
    private static let pagesPerBlock: UInt64 = 5
    /// Idle blocks are searched for only if so many transactions were made since the last search.
    private static let transactionsBetween: UInt32 = 32

    /// Two words: the pages in use; and whether a table is marked, with the number of the transaction of the
    /// last search in the upper half.
    private let words: StampedWordPointer
    /// One bit for each table in which a block became idle.
    private let marks: StampedWordPointer
    package static let markWordCount: UInt = PageTableLayout.tableCount / 64
    private let directory: PageDirectory

    @inline(__always)
    init(words: StampedWordPointer, marks: StampedWordPointer, directory: PageDirectory) {
        unsafe self.words = unsafe words
        unsafe self.marks = unsafe marks
        self.directory = directory
    }

    /// Notes that the stretch of 4 MiB around `page` comes into use.
    func noteUse(around page: UInt) {
        guard let table = directory.table(of: page) else { return }
        let (word, shift) = unsafe table.usedStretches(around: page)
        let bit: UInt64 = 1 &<< (UInt64(truncatingIfNeeded: page &>> 10 & 31) &+ shift)
        while true {
            let used = unsafe word.pointee.load(ordering: .relaxed)
            if used & bit != 0 { return }
            let isFirst = UInt32(truncatingIfNeeded: used &>> shift) == 0
            let pages = isFirst ? 1 &+ TableMemory.pagesPerBlock : 1
            // The count comes before the bit: a child of a fork in between then counts the pages twice, which
            // is better than not at all.
            unsafe words[0].wrappingAdd(pages, ordering: .relaxed)
            if unsafe word.exchange(expected: used, desired: used | bit) { return }
            unsafe words.subtract(pages)
        }
    }

    /// Notes that no page of a released allocation is noted any more, so that blocks of `range` may be idle.
    package func noteIdle(_ range: PageRange) {
        for page in stride(from: range.start, to: range.end, by: Int(PageTableLayout.pageCount)) {
            noteIdle(around: page)
        }
    }

    /// Notes that the block of `page` may be idle now.
    func noteIdle(around page: UInt) {
        if pageCount > TableMemory.keptPageCount { mark(tableOf: page) }
    }

    /// Marks the table of `page`: it may have memory to give back.
    package func mark(tableOf page: UInt) {
        let table = page &>> PageTableLayout.pageShift
        unsafe (marks + Int(bitPattern: table &>> 6)).set(
            bits: 1 &<< UInt64(truncatingIfNeeded: table & 63))
        unsafe words[1].store(lastLook &<< 32 | 1, ordering: .relaxed)
    }

    /// An estimate.
    package var pageCount: UInt64 { unsafe words[0].load(ordering: .relaxed) }

    private var lastLook: UInt64 { unsafe words[1].load(ordering: .relaxed) &>> 32 }

    /// Whether a table is marked.
    @inline(__always) package var isAnyMarked: Bool {
        unsafe words[1].load(ordering: .relaxed) & 1 != 0
    }

    /// Whether it is time to search for marked tables. If so, `isAnyMarked` becomes false.
    ///
    /// - Parameter number: That of the last transaction.
    package func beginLooking(at number: UInt32) -> Bool {
        let elapsed = number &- UInt32(truncatingIfNeeded: lastLook)
        if elapsed < TableMemory.transactionsBetween { return false }
        unsafe words[1].store(UInt64(number) &<< 32, ordering: .relaxed)
        return true
    }

    /// Removes the mark of the first marked table whose number is `first` or more.
    ///
    /// - Returns: Its number; `nil` if there is none.
    package func takeMark(from first: UInt) -> UInt? {
        var table = first
        while table < PageTableLayout.tableCount {
            let word = unsafe marks + Int(bitPattern: table &>> 6)
            let found =
                unsafe word.pointee.load(ordering: .relaxed)
                & (UInt64.max &<< UInt64(truncatingIfNeeded: table & 63))
            if found != 0 {
                unsafe word.clear(bits: found & (0 &- found))
                return table & ~63 | UInt(found.trailingZeroBitCount)
            }
            table = (table | 63) &+ 1
        }
        return nil
    }

    /// Notes that the memory that describes the blocks of `range` is about to be given back.
    package func noteReturn(of range: PageRange) {
        for page in stride(
            from: range.start, to: range.end, by: Int(PageTableLayout.blockPageCount))
        {
            noteReturn(around: page)
        }
    }

    private func noteReturn(around page: UInt) {
        guard let table = directory.table(of: page) else { return }
        let (word, shift) = unsafe table.usedStretches(around: page)
        while true {
            let used = unsafe word.pointee.load(ordering: .relaxed)
            let ours = used & (0xFFFF_FFFF &<< shift)
            if ours == 0 { return }
            if unsafe word.exchange(expected: used, desired: used & ~ours) {
                let pages = UInt64(ours.nonzeroBitCount) &+ TableMemory.pagesPerBlock
                return unsafe words.subtract(pages)
            }
        }
    }
}

extension PageTable {
    /// The word that has a bit for each stretch of 4 MiB in the block of `page`, set if the stretch was in
    /// use; and the shift to the bits of the block.
    func usedStretches(around page: UInt) -> (word: StampedWordPointer, shift: UInt64) {
        let block = PageTable.block(of: page)
        return unsafe (
            word(PageTableLayout.usedStretches &+ block &>> 1),
            UInt64(truncatingIfNeeded: block & 1) &<< 5
        )
    }
}

extension AddressMap {
    @inline(__always) package var memory: TableMemory { storage.memory }
}
