// Lower bounds for the search for gaps.

import Testing

@testable import AddressSpace

@Suite("Gap hints")
struct GapHintsTests {
    private let block = ZeroedBlock(byteCount: 4096)
    private let shared = TestSequencer()
    private var hints: GapHints { unsafe GapHints(words: block.words) }

    private func transact(_ draft: (inout Journal) -> Void) {
        shared.sequencer.transact(in: shared.slots[0], draft)
    }

    private func granules(_ range: Range<UInt>) -> PageRange {
        pages(range.lowerBound * 16..<range.upperBound * 16)
    }

    @Test("fresh hints say nothing")
    func fresh() {
        #expect(hints.lowestStart(pageCount: 1) == 0)
        #expect(hints.lowestStart(pageCount: 1 << 34) == 0)
    }

    @Test("where nothing was found, requests of that size and larger begin above")
    func nothingBelow() {
        transact { hints.noteNothingBelow(1000 * 16, pageCount: 64, &$0) }
        #expect(hints.lowestStart(pageCount: 64) == 1000 * 16)
        #expect(hints.lowestStart(pageCount: 6400) == 1000 * 16)
        #expect(hints.lowestStart(pageCount: 16) == 0)
    }

    @Test("a request that is not the smallest of its class says nothing about its class")
    func withinAClass() {
        transact { hints.noteNothingBelow(1000 * 16, pageCount: 7 * 16, &$0) }
        #expect(hints.lowestStart(pageCount: 4 * 16) == 0)
        #expect(hints.lowestStart(pageCount: 8 * 16) == 1000 * 16)
    }

    @Test("a gap that appears below is found by every request it has room for")
    func gapAppears() {
        transact { hints.noteNothingBelow(1000 * 16, pageCount: 16, &$0) }
        transact { hints.noteGap(from: 800, to: 928, &$0) }
        for granuleCount: UInt in 1...8 {
            #expect(hints.lowestStart(pageCount: granuleCount * 16) == 50 * 16)
        }
        #expect(hints.lowestStart(pageCount: 16 * 16) == 1000 * 16)
    }

    @Test("a gap without a whole granule is of no use and not noted")
    func uselessGap() {
        transact { hints.noteNothingBelow(1000 * 16, pageCount: 16, &$0) }
        transact { hints.noteGap(from: 17, to: 47, &$0) }
        #expect(hints.lowestStart(pageCount: 1) == 1000 * 16)
    }

    @Test("a gap counts from its first whole granule")
    func unalignedGap() {
        transact { hints.noteNothingBelow(1000 * 16, pageCount: 16, &$0) }
        transact { hints.noteGap(from: 17, to: 50, &$0) }
        #expect(hints.lowestStart(pageCount: 1) == 32)
    }

    @Test("a hint never goes back by noting a gap above it")
    func gapAbove() {
        transact { hints.noteGap(from: 800, to: 928, &$0) }
        #expect(hints.lowestStart(pageCount: 1) == 0)
    }
}
