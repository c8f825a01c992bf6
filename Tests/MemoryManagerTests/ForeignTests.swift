// Memory that other code has mapped.

import AddressSpace
import Glibc
import LinuxKernel
import Synchronization
import TestSupport
import Testing

@testable import MemoryManager

@Suite("Foreign memory")
struct ForeignTests {
    /// Anonymous memory of the test's, between two inaccessible pages.
    @safe private final class Foreign {
        let range: PageRange

        init() throws {
            let base = Page.index(of: try Mapping.reserve(byteCount: 6 * Page.byteCount))
            range = PageRange(from: base + 1, to: base + 5)
            try PageAccess.set(.readWrite, on: range)
        }

        deinit { try? Mapping.release(PageRange(from: range.start - 1, to: range.end + 1)) }
    }

    private final class Progress: Sendable {
        let isDone = Atomic(false)
        let failureCount = Atomic(0)

        func fail() { failureCount.wrappingAdd(1, ordering: .relaxed) }
    }

    // Source: behaviour 2.11.
    @Test("foreign memory is committed and private, and its region ends with its mapping")
    func region() throws {
        let (memory, foreign) = (TestMemory(.mapped), try Foreign())
        let region = try memory.manager.region(at: foreign.range.base + 4096)
        #expect(region.state == .committed(PageProtection(.readWrite)))
        #expect(region.type == .private)
        #expect(region.base == foreign.range.base + 4096)
        #expect(region.byteCount == 3 * 4096)
    }

    @Test("the program itself is an image")
    func image() throws {
        let memory = TestMemory(.mapped)
        let function: @convention(c) () -> Int32 = getpid
        let address = UInt(bitPattern: unsafe unsafeBitCast(function, to: Int.self))
        let region = try memory.manager.region(at: address)
        #expect(region.type == .image)
        #expect(region.state == .committed(PageProtection(.executeRead)))
        #expect(region.allocationBase <= region.base)
    }

    // Source: behaviour 5.10.
    @Test("the protection of foreign memory can be changed, and the old one is returned")
    func protect() throws {
        let (memory, foreign) = (TestMemory(.mapped), try Foreign())
        let part = PageRange(from: foreign.range.start + 1, to: foreign.range.start + 2)
        let old = try memory.manager.protectForeign(part, .readOnly, .off)
        #expect(old == PageProtection(.readWrite))
        #expect(Access.to(foreign.range) == [.write, .read, .write, .write])
        let next = try memory.manager.protectForeign(foreign.range, .readWrite, .off)
        #expect(next == PageProtection(.readWrite))
        #expect(Access.to(foreign.range) == [.write, .write, .write, .write])
    }

    @Test("pages that are not mapped, or that are ours, are refused")
    func refusals() throws {
        let memory = TestMemory(.mapped)
        let ours = try memory.reserve(4, .atOnce)
        for range in [ours, PageRange(from: 16, to: 17)] {
            #expect(throws: MemoryError.rangeConflicts) {
                try memory.manager.protectForeign(range, .readOnly, .off)
            }
        }
        #expect(Access.to(ours).allSatisfy { $0 == .write })
    }

    // Source: behaviour 4.14.
    @Test("foreign memory is never freed")
    func freeing() throws {
        let (memory, foreign) = (TestMemory(.mapped), try Foreign())
        Contents.set(3, at: foreign.range.start)
        #expect(throws: MemoryError.notAllocated) {
            try memory.manager.release(allocationBasedAt: foreign.range.start)
        }
        #expect(throws: MemoryError.notAllocated) { try memory.manager.decommit(foreign.range) }
        #expect(memory.manager.refusalToFree(foreignAt: foreign.range.start) == .notAtBase)
        #expect(memory.manager.refusalToFree(foreignAt: 16) == .notAllocated)
        #expect(Contents.at(foreign.range.start) == 3)
    }

    @Test("foreign memory can be locked and unlocked; free pages cannot")
    func locking() throws {
        let (memory, foreign) = (TestMemory(.mapped), try Foreign())
        try memory.manager.lock(foreign.range)
        try memory.manager.unlock(foreign.range)
        let free = PageRange(from: 16, to: 17)
        #expect(throws: MemoryError.noAccess) { try memory.manager.lock(free) }
        #expect(throws: MemoryError.notLocked) { try memory.manager.unlock(free) }
    }

    // Source: behaviour 2.10. The pages as a reserving call finds them that has just mapped them.
    @Test("a mapping that another thread's call is making looks free until its claim ends")
    func workInProgress() throws {
        let (memory, foreign) = (TestMemory(.mapped), try Foreign())
        let slot = try #require(memory.storage.slots.take(for: 4_000_000, at: 0))
        slot.setClaim(foreign.range)
        memory.map.claims.announce(slot)
        let region = try memory.manager.region(at: foreign.range.base + 4096)
        #expect(region.state == .free)
        #expect(region.base == foreign.range.base + 4096)
        #expect(region.byteCount == 3 * 4096)
        #expect(memory.manager.refusalToFree(foreignAt: foreign.range.start) == .notAllocated)
        memory.map.claims.withdraw(slot)
        slot.giveBack()
        let after = try memory.manager.region(at: foreign.range.base)
        #expect(after.state == .committed(PageProtection(.readWrite)))
        #expect(memory.claimCount == 0)
    }

    @Test("foreign memory is recognised while other threads reserve and release")
    func traffic() throws {
        let (memory, foreign) = (TestMemory(.guarded), try Foreign())
        let (progress, address) = (Progress(), foreign.range.base)
        onThreads(2) { thread in
            if thread == 0 {
                for _ in 0..<2000 {
                    let region = try? memory.manager.region(at: address)
                    if region?.state != .committed(PageProtection(.readWrite)) { progress.fail() }
                }
                progress.isDone.store(true, ordering: .releasing)
            } else {
                while !progress.isDone.load(ordering: .acquiring) {
                    do { try memory.release(try memory.reserve(3)) } catch { progress.fail() }
                }
            }
        }
        #expect(progress.failureCount.load(ordering: .relaxed) == 0)
        #expect(memory.claimCount == 0)
    }
}
