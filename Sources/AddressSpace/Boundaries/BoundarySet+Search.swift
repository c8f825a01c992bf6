// Finds neighbours in a boundary set: up the levels to a word with a bit on the wanted side, then down.
//
// A word on the way down may be empty: then the set was changed during the search. Any answer will do,
// because the caller checks the head afterwards and starts over.

extension BoundarySet {
    /// The first boundary at `page` or after it; `Page.endOfMap` if there is none.
    @inline(__always)
    package func next(from page: UInt) -> UInt {
        if page >= Page.endOfMap { return Page.endOfMap }
        // Most neighbours are in the same word.
        let found = lowestBits(holding: page) & BoundaryBits.mask(from: page)
        if found != 0 { return BoundaryBits.first(of: found, near: page) }
        return nextFar(from: page, notBeyond: Page.endOfMap)
    }

    /// Same as `next(from:)`, but `limit` if there is no boundary before `limit`. Cheaper when the limit is
    /// near.
    @inline(__always)
    package func next(from page: UInt, notBeyond limit: UInt) -> UInt {
        if page >= limit { return limit }
        let found = lowestBits(holding: page) & BoundaryBits.mask(from: page)
        if found != 0 { return min(limit, BoundaryBits.first(of: found, near: page)) }
        if page | 31 >= limit { return limit }
        return min(limit, nextFar(from: page, notBeyond: limit))
    }

    /// The first boundary after the word of `page`.
    @inline(never)
    private func nextFar(from page: UInt, notBeyond limit: UInt) -> UInt {
        if let table = directory.table(of: page), let found = next(in: table, behindWordOf: page) {
            return found
        }
        let nextTable = page &>> PageTableLayout.pageShift &+ 1
        if nextTable &<< PageTableLayout.pageShift >= limit { return limit }
        return first(fromTable: nextTable)
    }

    @inline(__always)
    private func next(in table: PageTable, behindWordOf page: UInt) -> UInt? {
        var position = page
        var level: UInt = 1
        while level < 4 {
            position = position &>> 5 &+ 1
            // The search on each level ends at the end of the table.
            if position &<< (5 &* level) & (PageTableLayout.pageCount &- 1) == 0 { return nil }
            let holder = unsafe word(table, level: level, holding: position)
            if let found = unsafe bit(from: position, in: holder) {
                return lowest(in: table, found, level)
            }
            level &+= 1
        }
        return nil
    }

    /// The first position from `position` on that is set in the word that holds it.
    @inline(__always)
    private func bit(from position: UInt, in word: StampedWordPointer) -> UInt? {
        let found = unsafe payload(of: word) & BoundaryBits.mask(from: position)
        return found == 0 ? nil : BoundaryBits.first(of: found, near: position)
    }

    /// The last position up to `position` that is set in the word that holds it.
    @inline(__always)
    private func bit(upTo position: UInt, in word: StampedWordPointer) -> UInt? {
        let found = unsafe payload(of: word) & BoundaryBits.mask(upTo: position)
        return found == 0 ? nil : BoundaryBits.last(of: found, near: position)
    }

    /// The first boundary in table number `number` or a later one.
    private func first(fromTable number: UInt) -> UInt {
        var position = number
        var level: UInt = 4
        while level < BoundarySet.levelCount {
            if position &<< (5 &* level) >= Page.endOfMap { return Page.endOfMap }
            if let found = unsafe bit(
                from: position, in: upperWord(level: level, holding: position))
            {
                return lowest(under: found, level)
            }
            position = position &>> 5 &+ 1
            level &+= 1
        }
        return Page.endOfMap
    }

    /// The first boundary of the set; `Page.endOfMap` if it is empty.
    @inline(__always)
    var first: UInt {
        let bits = unsafe payload(of: storage.root(ofSet: number))
        return bits == 0 ? Page.endOfMap : lowest(under: UInt(bits.trailingZeroBitCount), 6)
    }

    /// The first boundary under bit `position` of `level`, which is 4 to 6.
    @inline(never)
    private func lowest(under position: UInt, _ level: UInt) -> UInt {
        var position = position
        var level = level
        while level > 4 {
            level &-= 1
            position &<<= 5
            let bits = unsafe payload(of: upperWord(level: level, holding: position))
            if bits == 0 { return Page.endOfMap }
            position |= UInt(bits.trailingZeroBitCount)
        }
        guard let table = directory.table(of: position &<< PageTableLayout.pageShift) else {
            return Page.endOfMap
        }
        return lowest(in: table, position, 4)
    }

    /// The first boundary under bit `position` of `level`, all in `table`.
    @inline(__always)
    private func lowest(in table: PageTable, _ position: UInt, _ level: UInt) -> UInt {
        var position = position
        var level = level
        while level > 0 {
            level &-= 1
            position &<<= 5
            let found = bits(table, level: level, holding: position)
            if found == 0 { return Page.endOfMap }
            position |= UInt(found.trailingZeroBitCount)
        }
        return position
    }

    /// The last boundary at `page` or before it.
    @inline(__always)
    package func previous(from page: UInt) -> UInt? {
        let found = lowestBits(holding: page) & BoundaryBits.mask(upTo: page)
        if found != 0 { return BoundaryBits.last(of: found, near: page) }
        return previousFar(from: page)
    }

    /// The last boundary before the word of `page`.
    @inline(never)
    func previousFar(from page: UInt) -> UInt? {
        if let table = directory.table(of: page),
            let found = previous(in: table, beforeWordOf: page)
        {
            return found
        }
        return previous(belowTableOf: page)
    }

    /// The last boundary before the table of `page`.
    @inline(__always)
    func previous(belowTableOf page: UInt) -> UInt? {
        var position = page &>> PageTableLayout.pageShift
        var level: UInt = 4
        while position > 0 && level < BoundarySet.levelCount {
            position &-= 1
            let holder = unsafe upperWord(level: level, holding: position)
            if let found = unsafe bit(upTo: position, in: holder) {
                return highest(under: found, level)
            }
            position &>>= 5
            level &+= 1
        }
        return nil
    }

    /// The last boundary before the word of `page`, if it is in `table`, the table of `page`.
    @inline(__always)
    func previous(in table: PageTable, beforeWordOf page: UInt) -> UInt? {
        var position = page
        var level: UInt = 1
        while level < 4 {
            position &>>= 5
            // The search on each level ends at the start of the table.
            if position &<< (5 &* level) & (PageTableLayout.pageCount &- 1) == 0 { return nil }
            position &-= 1
            let holder = unsafe word(table, level: level, holding: position)
            if let found = unsafe bit(upTo: position, in: holder) {
                return highest(in: table, found, level)
            }
            level &+= 1
        }
        return nil
    }

    /// The last boundary under bit `position` of `level`, which is 4 to 6.
    @inline(__always)
    private func highest(under position: UInt, _ level: UInt) -> UInt? {
        var position = position
        var level = level
        while level > 4 {
            level &-= 1
            position &<<= 5
            let bits = unsafe payload(of: upperWord(level: level, holding: position))
            if bits == 0 { return nil }
            position |= UInt(31 &- bits.leadingZeroBitCount)
        }
        guard let table = directory.table(of: position &<< PageTableLayout.pageShift) else {
            return nil
        }
        return highest(in: table, position, 4)
    }

    /// The last boundary under bit `position` of `level`, all in `table`.
    @inline(__always)
    private func highest(in table: PageTable, _ position: UInt, _ level: UInt) -> UInt? {
        var position = position
        var level = level
        while level > 0 {
            level &-= 1
            position &<<= 5
            let found = bits(table, level: level, holding: position)
            if found == 0 { return nil }
            position |= UInt(31 &- found.leadingZeroBitCount)
        }
        return position
    }
}
