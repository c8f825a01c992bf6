// The memory of the tables, and what of it can go back to the system: that of idle blocks, in which
// things began or ended once (PageTable.swift) and nothing does now.
//
// Noted beside the journal, by drafts that may come to nothing: all that hangs on it is when memory
// is given back. What may be given back is decided by the map itself.

import Synchronization

/// An estimate of the memory in use, and in which tables blocks became idle of late.
@safe package struct TableMemory {
    /// As many pages of tables are kept for the next use.
    private static let keptPageCount: UInt64 = 1024
    /// Pages that the first stretch of a block takes besides its own.
    private static let pagesPerBlock: UInt64 = 5
    /// Looking for idle blocks pays if so many transactions were made since the last time.
    private static let transactionsBetween: UInt32 = 32

    /// Pages in use; whether a table is marked, and above it the number of the transaction at which
    /// marks were last looked for.
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

    /// A stretch of 4 MiB, that around `page`, comes into use.
    func noteUse(around page: UInt) {
        guard let table = directory.table(of: page) else { return }
        let (word, shift) = unsafe table.usedStretches(around: page)
        let bit: UInt64 = 1 &<< (UInt64(truncatingIfNeeded: page &>> 10 & 31) &+ shift)
        while true {
            let used = unsafe word.pointee.load(ordering: .relaxed)
            if used & bit != 0 { return }
            let isFirst = UInt32(truncatingIfNeeded: used &>> shift) == 0
            let pages = isFirst ? 1 &+ TableMemory.pagesPerBlock : 1
            // In this order: the child of a fork in between has them twice rather than not at all.
            unsafe words[0].wrappingAdd(pages, ordering: .relaxed)
            if unsafe word.exchange(expected: used, desired: used | bit) { return }
            unsafe words.subtract(pages)
        }
    }

    /// Nothing is noted any more of the contents of an allocation's pages.
    package func noteIdle(_ range: PageRange) {
        for page in stride(from: range.start, to: range.end, by: Int(PageTableLayout.pageCount)) {
            noteIdle(around: page)
        }
    }

    /// The block of `page` is empty now.
    func noteIdle(around page: UInt) {
        if pageCount > TableMemory.keptPageCount { mark(tableOf: page) }
    }

    /// Something in the table of `page` is to be given back when it can be.
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

    /// Whether it pays to look for marked tables; if so, none counts as marked from now on.
    ///
    /// - Parameter number: That of the last transaction.
    package func beginLooking(at number: UInt32) -> Bool {
        let elapsed = number &- UInt32(truncatingIfNeeded: lastLook)
        if elapsed < TableMemory.transactionsBetween { return false }
        unsafe words[1].store(UInt64(number) &<< 32, ordering: .relaxed)
        return true
    }

    /// Takes the mark from the first marked table whose number is `first` or more.
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

    /// The memory that tells of the blocks of `range` is about to go.
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
    /// One bit for each stretch of 4 MiB in the block of `page` that was in use: a word, and how far
    /// up in it.
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
