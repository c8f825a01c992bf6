// Mappings kept in hand for the limit on mappings.

import AddressSpace
import LinuxKernel
import Synchronization
import TestSupport
import Testing

@testable import MemoryManager

@Suite("Ballast")
struct BallastTests {
    private let memory = TestMemory(.guarded)
    private var ballast: Ballast { memory.manager.islands.ballast }

    /// Its pages, once it is made.
    private func pages() throws -> PageRange {
        ballast.make()
        return try #require(memory.ballast)
    }

    @Test("a ballast that was never made counts as held")
    func unmade() {
        #expect(ballast.isHeld)
        #expect(!ballast.giveUp())
        ballast.takeUp()
        #expect(ballast.isHeld)
    }

    @Test("a held ballast has many mappings, and one after it is given up")
    func counts() throws {
        let pages = try pages()
        for _ in 0..<3 {
            #expect(ballast.isHeld)
            #expect(KernelMappings.count(in: pages) >= Ballast.pageCount - 1)
            #expect(ballast.giveUp())
            #expect(!ballast.isHeld)
            #expect(KernelMappings.count(in: pages) == 1)
            ballast.takeUp()
        }
    }

    @Test("the ballast is made once")
    func once() throws {
        let pages = try pages()
        ballast.make()
        #expect(memory.ballast == pages)
    }

    @Test("the ballast can be given up once, until it is taken up again")
    func twice() throws {
        _ = try pages()
        #expect(ballast.giveUp())
        #expect(!ballast.giveUp())
        ballast.takeUp()
        ballast.takeUp()
        #expect(ballast.giveUp())
    }

    @Test("the check for room leaves the ballast as it was")
    func room() throws {
        let pages = try pages()
        ballast.giveUp()
        #expect(ballast.isThereRoom())
        #expect(!ballast.isHeld)
        #expect(KernelMappings.count(in: pages) == 1)
    }

    @Test(
        "a ballast that the kernel refuses midway is not held",
        .enabled(if: JudgedCalls.areAvailable), arguments: [1, 2, 4])
    func refused(first: Int) throws {
        let pages = try pages()
        ballast.giveUp()
        var callCount = 0
        let isThereRoom = JudgedCalls.with { call in
            // Closing divides nothing, and is not refused.
            if !call.isAt(pages.base, pages.limit) || call.argument == 0 { return .make }
            callCount += 1
            return callCount >= first ? .refuse : .make
        } _: {
            ballast.takeUp()
            return ballast.isThereRoom()
        }
        #expect(callCount >= first)
        #expect(!isThereRoom && !ballast.isHeld)
        #expect(KernelMappings.count(in: pages) == 1)
        ballast.takeUp()
        #expect(ballast.isHeld)
    }

    private final class Tally: Sendable {
        let givenUpCount = Atomic(0)
    }

    @Test("only one of several threads gives the ballast up")
    func race() throws {
        _ = try pages()
        let (tally, islands) = (Tally(), memory.manager.islands)
        let memory = memory
        onThreads(4) { _ in
            if memory.manager.islands.ballast.giveUp() {
                tally.givenUpCount.add(1, ordering: .relaxed)
            }
        }
        let count = tally.givenUpCount.load(ordering: .relaxed)
        #expect(count == 1)
        #expect(!islands.ballast.isHeld)
    }

    @Test(
        "in the child of a fork the ballast can be taken up even if another thread was changing it")
    func child() throws {
        let pages = try pages()
        ballast.giveUp()
        let changing: UInt64 = 2
        unsafe memory.storage.islands[3].store(changing, ordering: .relaxed)
        ballast.takeUp()
        #expect(!ballast.isHeld, "somebody is at it")
        #expect(ballast.isThereRoom(), "nothing is known, so nothing is refused")
        ballast.adopt()
        ballast.takeUp()
        #expect(ballast.isHeld)
        #expect(KernelMappings.count(in: pages) >= Ballast.pageCount - 1)
    }
}
