// Places that were unmapped when their allocation was released, and may be mapped again at once: the
// shortest way for blocks that come and go, but for small ones on the guarded backing. They are free to
// everybody meanwhile. Each thread has its own few, so that there are never many.

import Synchronization

/// Eight places for each of 32 groups of threads; one word for each place.
@safe package struct PlaceCache {
    private static let perGroup: UInt = 8
    private static let groupCount: UInt = 32
    private static let placeCount = perGroup * groupCount
    /// The places, and how many of them there are just now.
    package static let wordCount = placeCount + 1
    /// A place has at most so many pages, 1 GiB: it is in two tables at most.
    package static let mostPages: UInt = 1 << 18

    private let words: StampedWordPointer

    @inline(__always)
    init(words: StampedWordPointer) { unsafe self.words = unsafe words }

    /// Takes a place of exactly `pageCount` pages, if `thread` has one. Until it is put back or let go
    /// of, nobody else has it.
    @_optimize(size)
    package func take(for thread: UInt32, pageCount: UInt) -> CachedPlace? {
        for number in 0..<PlaceCache.perGroup {
            let word = unsafe word(number, for: thread)
            let value = unsafe word.pointee.load(ordering: .relaxed)
            if let place = unsafe CachedPlace(word: word, value: value, count: count),
                place.range.pageCount == pageCount,
                unsafe word.exchange(expected: value, desired: CachedPlace.held)
            {
                unsafe count.subtract(1)
                return place
            }
        }
        return nil
    }

    /// Takes room to note one more place, if `thread` has room.
    @_optimize(size)
    package func room(for thread: UInt32) -> VacatedRoom? {
        for number in 0..<PlaceCache.perGroup {
            let word = unsafe word(number, for: thread)
            if unsafe word.pointee.load(ordering: .relaxed) == 0,
                unsafe word.exchange(expected: 0, desired: CachedPlace.held)
            {
                return unsafe VacatedRoom(word: word, count: count)
            }
        }
        return nil
    }

    /// How many places there are.
    @inline(__always) package var placeCount: UInt64 {
        unsafe count.pointee.load(ordering: .relaxed)
    }

    private var count: StampedWordPointer {
        unsafe words + Int(bitPattern: PlaceCache.placeCount)
    }

    /// Takes each place in turn, whoever vacated it.
    package func forEach(_ body: (CachedPlace) -> Void) {
        for index in 0..<Int(bitPattern: PlaceCache.placeCount) {
            let word = unsafe words + index
            let value = unsafe word.pointee.load(ordering: .relaxed)
            if let place = unsafe CachedPlace(word: word, value: value, count: count),
                unsafe word.exchange(expected: value, desired: CachedPlace.held)
            {
                unsafe count.subtract(1)
                body(place)
            }
        }
    }

    /// In the child of a fork: what other threads were at is nobody's now.
    package func forgetHeld() {
        for index in 0..<Int(bitPattern: PlaceCache.placeCount)
        where unsafe words[index].load(ordering: .relaxed) == CachedPlace.held {
            unsafe words[index].store(0, ordering: .relaxed)
        }
    }

    private func word(_ number: UInt, for thread: UInt32) -> StampedWordPointer {
        let group = UInt(thread) & (PlaceCache.groupCount &- 1)
        return unsafe words + Int(bitPattern: group &* PlaceCache.perGroup &+ number)
    }
}

/// Room for a place, held by the caller.
@safe package struct VacatedRoom {
    fileprivate let word: StampedWordPointer
    fileprivate let count: StampedWordPointer

    /// Notes a place there.
    ///
    /// - Parameter range: At most `PlaceCache.mostPages`.
    package func fill(_ range: PageRange) {
        let value = UInt64(range.start) &<< CachedPlace.countWidth | UInt64(range.pageCount)
        unsafe count.pointee.wrappingAdd(1, ordering: .relaxed)
        unsafe word.pointee.store(value, ordering: .releasing)
    }

    /// Gives the room back.
    package func leaveEmpty() { unsafe word.pointee.store(0, ordering: .releasing) }
}

/// A place, held by the caller.
@safe package struct CachedPlace {
    /// Bits of a word that tell how many pages it has; the first page is above them.
    fileprivate static let countWidth: UInt64 = 20
    /// In a word: somebody is at it. No range has this value.
    fileprivate static let held: UInt64 = 1 &<< countWidth

    package let range: PageRange
    package let room: VacatedRoom

    fileprivate init?(word: StampedWordPointer, value: UInt64, count: StampedWordPointer) {
        let pageCount = UInt(value & (CachedPlace.held &- 1))
        let start = UInt(value &>> CachedPlace.countWidth)
        if pageCount == 0 || start >= Page.endOfMap &- pageCount { return nil }
        range = PageRange(from: start, to: start &+ pageCount)
        room = unsafe VacatedRoom(word: word, count: count)
    }

    /// Keeps it for another time.
    package func putBack() { room.fill(range) }
}
