// Counting promised pages.

import TestSupport
import Testing

@testable import AddressSpace

@Suite("Commit charge")
struct CommitChargeTests {
    private let test = TestMap()
    private var charge: CommitCharge { test.map.charge }

    private func add(_ count: UInt, limit: UInt) -> MemoryError? {
        do throws(MemoryError) {
            try charge.add(count, limit: limit)
            return nil
        } catch { return error }
    }

    // Source: behaviour 2.9.
    @Test("pages are charged up to the limit and not beyond")
    func limit() {
        #expect(add(60, limit: 100) == nil)
        #expect(add(41, limit: 100) == .commitLimitReached)
        #expect(charge.pageCount == 60)
        #expect(add(40, limit: 100) == nil)
        #expect(charge.pageCount == 100)
    }

    @Test("nothing can be charged at the limit, and nothing is always charged")
    func zero() {
        #expect(add(0, limit: 0) == nil)
        #expect(add(1, limit: 0) == .commitLimitReached)
    }

    @Test(
        "counts that would wrap are refused",
        arguments: [UInt.max, UInt.max - 59])
    func wrapping(count: UInt) {
        #expect(add(60, limit: .max) == nil)
        #expect(add(count, limit: .max) == .commitLimitReached)
        #expect(charge.pageCount == 60)
    }

    @Test("returned pages can be charged again")
    func returning() {
        #expect(add(100, limit: 100) == nil)
        charge.remove(30)
        #expect(charge.pageCount == 70)
        #expect(add(30, limit: 100) == nil)
    }

    // Source: behaviour 12.12.
    @Test("the peak is the highest charge ever; refused charges do not count")
    func peak() {
        #expect(add(60, limit: 100) == nil)
        charge.remove(50)
        #expect(add(20, limit: 100) == nil)
        #expect(charge.peakPageCount == 60)
        #expect(add(70, limit: 100) == nil)
        charge.refund(70)
        #expect(charge.peakPageCount == 60)
        #expect(add(40, limit: 100) == nil)
        #expect(charge.peakPageCount == 70)
        charge.forgetPeak()
        #expect(charge.peakPageCount == 70)
        charge.remove(30)
        #expect(charge.peakPageCount == 70)
    }
}
