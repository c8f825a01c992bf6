// What was done lately with addresses.

import TestSupport
import Testing

@testable import AddressSpace

@Suite("Address history")
struct AddressHistoryTests {
    private static let eventCount: UInt = 512
    private let test = TestMap(tablesOf: [])
    private var history: AddressHistory { test.map.history }

    private func address(_ page: UInt) -> UInt { Page.address(of: page) }

    @Test("no event is recorded before recording begins")
    func unwanted() {
        history.note(.reserve, pages(16..<32))
        #expect(!history.isWanted)
        #expect(history.lastEvent(at: address(16)) == nil)
        history.begin()
        #expect(history.isWanted)
        #expect(history.lastEvent(at: address(16)) == nil)
        history.note(.reserve, pages(16..<32))
        #expect(history.lastEvent(at: address(16))?.kind == .reserve)
    }

    @Test(
        "an event is returned for exactly the addresses of its pages",
        arguments: [
            (16, 0, true), (16, 1, true), (31, 4095, true), (15, 4095, false), (32, 0, false),
            (0, 0, false),
        ] as [(UInt, UInt, Bool)])
    func extent(page: UInt, offset: UInt, isTold: Bool) {
        history.begin()
        history.note(.release, pages(16..<32))
        let event = history.lastEvent(at: address(page) + offset)
        #expect(event?.kind == (isTold ? .release : nil))
        #expect(event?.range == (isTold ? pages(16..<32) : nil))
    }

    @Test("of several events at an address the latest is returned")
    func latest() {
        history.begin()
        for kind: AddressEvent in [.reserve, .decommit, .release] {
            history.note(kind, pages(16..<32))
            #expect(history.lastEvent(at: address(20))?.kind == kind)
        }
        history.note(.reserve, pages(16..<20))
        #expect(history.lastEvent(at: address(19))?.kind == .reserve)
        #expect(history.lastEvent(at: address(20))?.kind == .release)
        #expect(history.lastEvent(at: address(20))?.range == pages(16..<32))
    }

    @Test("the latest 512 events are kept")
    func ring() {
        history.begin()
        for index in 0..<Self.eventCount + 10 {
            history.note(.reserve, pages(index * 16..<index * 16 + 16))
        }
        for index in 0..<Self.eventCount + 10 {
            let event = history.lastEvent(at: address(index * 16 + 3))
            #expect(event?.range == (index < 10 ? nil : pages(index * 16..<index * 16 + 16)))
        }
    }

    @Test("ranges of any size and at any address are returned whole")
    func sizes() {
        history.begin()
        for range in [
            pages(1..<2), pages(1 << 30..<1 << 34), pages(Page.endOfMap - 16..<Page.endOfMap),
        ] {
            history.note(.decommit, range)
            #expect(history.lastEvent(at: range.limit - 1)?.range == range)
            #expect(history.lastEvent(at: range.base)?.kind == .decommit)
        }
    }
}
