// Remembers places (page ranges) that were unmapped when their allocation was released. A later reservation
// of the same size maps its place again. This is the fastest way for blocks that come and go, except small
// ones on the guarded backing. Meanwhile any reservation may use the pages. There are at most eight places
// for each group of threads.

import Synchronization

/// Eight places for each of 32 groups of threads; one word for each place.
@safe package struct PlaceCache {
    private static let perGroup: UInt = 8
    private static let groupCount: UInt = 32
    private static let capacity = perGroup * groupCount
    /// A word for each place, and one for the number of places.
    package static let wordCount = capacity + 1
    /// The most pages that a place may have: 1 GiB, so that it lies in at most two tables.
    package static let mostPages: UInt = 1 << 18

    private let words: StampedWordPointer

    @inline(__always)
    init(words: StampedWordPointer) { unsafe self.words = unsafe words }

    /// Takes a place of exactly `pageCount` pages, if the group of `thread` has one. The caller holds it
    /// until it puts it back or leaves its room empty.
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

    /// Takes an empty word for one more place, if the group of `thread` has one.
    @_optimize(size)
    package func room(for thread: UInt32) -> PlaceRoom? {
        for number in 0..<PlaceCache.perGroup {
            let word = unsafe word(number, for: thread)
            if unsafe word.pointee.load(ordering: .relaxed) == 0,
                unsafe word.exchange(expected: 0, desired: CachedPlace.held)
            {
                return unsafe PlaceRoom(word: word, count: count)
            }
        }
        return nil
    }

    /// The number of places that are remembered.
    @inline(__always) package var placeCount: UInt64 {
        unsafe count.pointee.load(ordering: .relaxed)
    }

    private var count: StampedWordPointer {
        unsafe words + Int(bitPattern: PlaceCache.capacity)
    }

    /// Takes each place in turn, of all threads. The body must put it back or leave its room empty.
    package func forEach(_ body: (CachedPlace) -> Void) {
        for index in 0..<Int(bitPattern: PlaceCache.capacity) {
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

    /// In the child of a fork: frees the words that other threads held, since these threads do not exist
    /// here.
    package func forgetHeld() {
        for index in 0..<Int(bitPattern: PlaceCache.capacity)
        where unsafe words[index].load(ordering: .relaxed) == CachedPlace.held {
            unsafe words[index].store(0, ordering: .relaxed)
        }
    }

    private func word(_ number: UInt, for thread: UInt32) -> StampedWordPointer {
        let group = UInt(thread) & (PlaceCache.groupCount &- 1)
        return unsafe words + Int(bitPattern: group &* PlaceCache.perGroup &+ number)
    }
}

/// A word for one place, held by the caller.
@safe package struct PlaceRoom {
    fileprivate let word: StampedWordPointer
    fileprivate let count: StampedWordPointer

    /// Stores a place in the word.
    ///
    /// - Parameter range: At most `PlaceCache.mostPages`.
    package func fill(_ range: PageRange) {
        let value = UInt64(range.start) &<< CachedPlace.countWidth | UInt64(range.pageCount)
        unsafe count.pointee.wrappingAdd(1, ordering: .relaxed)
        unsafe word.pointee.store(value, ordering: .releasing)
    }

    /// Makes the word empty.
    package func leaveEmpty() { unsafe word.pointee.store(0, ordering: .releasing) }
}

/// A place, held by the caller.
@safe package struct CachedPlace {
    /// Width of the page count in a word; the number of the first page stands above it.
    fileprivate static let countWidth: UInt64 = 20
    /// Value of a word that an operation holds. No place has this value, because its page count is zero.
    fileprivate static let held: UInt64 = 1 &<< countWidth

    package let range: PageRange
    package let room: PlaceRoom

    fileprivate init?(word: StampedWordPointer, value: UInt64, count: StampedWordPointer) {
        let pageCount = UInt(value & (CachedPlace.held &- 1))
        let start = UInt(value &>> CachedPlace.countWidth)
        if pageCount == 0 || start >= Page.endOfMap &- pageCount { return nil }
        range = PageRange(from: start, to: start &+ pageCount)
        room = unsafe PlaceRoom(word: word, count: count)
    }

    /// Stores the place again, for a later reservation.
    package func putBack() { room.fill(range) }
}
