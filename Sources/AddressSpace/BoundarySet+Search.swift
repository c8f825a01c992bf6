// Neighbours in a boundary set: up the levels until a word has a bit on the right side, then down.
//
// A word on the way down may turn out empty: then the set was changed meanwhile, and what the caller
// read belongs to no moment; any answer will do, because the caller finds out and asks again.

extension BoundarySet {
    /// The first boundary at `page` or after it; `Page.endOfMap` if there is none.
    @inline(__always)
    package func next(from page: UInt) -> UInt {
        if page >= Page.endOfMap { return Page.endOfMap }
        // Most neighbours are in the same word.
        let found =
            bits(level: 0, holding: page) & (UInt32.max &<< UInt32(truncatingIfNeeded: page & 31))
        if found != 0 { return page & ~31 | UInt(found.trailingZeroBitCount) }
        return nextFar(from: page)
    }

    /// As `next(from:)`, but `limit` if nothing is before it: cheaper when the limit is near.
    @inline(__always)
    func next(from page: UInt, notBeyond limit: UInt) -> UInt {
        if page >= limit { return limit }
        let mask = UInt32.max &<< UInt32(truncatingIfNeeded: page & 31)
        let found = bits(level: 0, holding: page) & mask
        if found != 0 { return min(limit, page & ~31 | UInt(found.trailingZeroBitCount)) }
        if page | 31 >= limit { return limit }
        return min(limit, nextFar(from: page, notBeyond: limit))
    }

    @inline(never)
    private func nextFar(from page: UInt, notBeyond limit: UInt = Page.endOfMap) -> UInt {
        var position = page &>> 5 &+ 1
        var level: UInt = 1
        if let table = directory.table(of: page) {
            while level < 4 {
                // Bits of this level in one table; past them the next table begins.
                if (position &<< (5 &* level)) &>> PageTableLayout.pageShift
                    != page &>> PageTableLayout.pageShift
                {
                    break
                }
                let mask = UInt32.max &<< UInt32(truncatingIfNeeded: position & 31)
                let found = unsafe payload(of: word(table, level: level, holding: position)) & mask
                if found != 0 {
                    return lowest(
                        in: table, position & ~31 | UInt(found.trailingZeroBitCount), level)
                }
                position = position &>> 5 &+ 1
                level &+= 1
            }
        }
        let nextTable = page &>> PageTableLayout.pageShift &+ 1
        if nextTable &<< PageTableLayout.pageShift >= limit { return limit }
        return first(fromTable: nextTable)
    }

    /// The first boundary in table number `number` or a later one.
    private func first(fromTable number: UInt) -> UInt {
        var position = number
        var level: UInt = 4
        while level < BoundarySet.levelCount {
            if position &<< (5 &* level) >= Page.endOfMap { return Page.endOfMap }
            let mask = UInt32.max &<< UInt32(truncatingIfNeeded: position & 31)
            let found = unsafe payload(of: upperWord(level: level, holding: position)) & mask
            if found != 0 {
                position = position & ~31 | UInt(found.trailingZeroBitCount)
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
            position = position &>> 5 &+ 1
            level &+= 1
        }
        return Page.endOfMap
    }

    /// The first boundary under bit `position` of `level`, all in `table`.
    @inline(__always)
    private func lowest(in table: PageTable, _ position: UInt, _ level: UInt) -> UInt {
        var position = position
        var level = level
        while level > 0 {
            level &-= 1
            position &<<= 5
            let found = unsafe payload(of: word(table, level: level, holding: position))
            if found == 0 { return Page.endOfMap }
            position |= UInt(found.trailingZeroBitCount)
        }
        return position
    }

    /// The last boundary at `page` or before it.
    @inline(__always)
    package func previous(from page: UInt) -> UInt? {
        let mask = UInt32.max &>> UInt32(truncatingIfNeeded: 31 &- page & 31)
        let found = bits(level: 0, holding: page) & mask
        if found != 0 { return page & ~31 | UInt(31 &- found.leadingZeroBitCount) }
        return previousFar(from: page)
    }

    @inline(never)
    private func previousFar(from page: UInt) -> UInt? {
        var position = page
        var level: UInt = 0
        while level < BoundarySet.levelCount {
            if level > 0 {
                let mask = UInt32.max &>> UInt32(truncatingIfNeeded: 31 &- position & 31)
                let found = bits(level: level, holding: position) & mask
                if found != 0 {
                    let bit = UInt(31 &- found.leadingZeroBitCount)
                    return highest(under: position & ~31 | bit, level)
                }
            }
            if position &>> 5 == 0 { return nil }
            position = position &>> 5 &- 1
            level &+= 1
        }
        return nil
    }

    private func highest(under position: UInt, _ level: UInt) -> UInt? {
        var position = position
        var level = level
        while level > 0 {
            level &-= 1
            position &<<= 5
            let found = bits(level: level, holding: position)
            if found == 0 { return nil }
            position |= UInt(31 &- found.leadingZeroBitCount)
        }
        return position
    }
}
