// What a query answers.

import AddressSpace
import LinuxKernel
import Testing

@testable import MemoryManager

@Suite("Query")
struct RegionTests {
    // Source: behaviour 6.4 to 6.7.
    @Test(
        "a region of ours has its state, its extent and its allocation",
        arguments: BackingKind.allCases)
    func ours(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(20)
        try memory.commit(part(5..<10, of: range), .readOnly, .armed)
        let reserved = try memory.manager.region(at: range.base + 5)
        #expect(reserved.base == range.base)
        #expect(reserved.byteCount == 5 * Page.byteCount)
        #expect(reserved.state == .reserved)
        let committed = try memory.manager.region(at: part(7..<8, of: range).base + 4095)
        #expect(committed.base == part(7..<8, of: range).base)
        #expect(committed.byteCount == 3 * Page.byteCount)
        #expect(committed.state == .committed(PageProtection(.readOnly, guardState: .armed)))
        #expect(committed.type == .private)
        #expect(committed.allocationBase == range.base)
    }

    // Source: behaviour 6.8.
    @Test("free pages inside an arena are free to the caller", arguments: BackingKind.allCases)
    func available(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(5)
        let region = try memory.manager.region(at: range.limit)
        #expect(region.state == .free)
        #expect(region.base == range.limit)
        #expect(region.allocationBase == 0)
        _ = try memory.reserve(16)
        #expect(try memory.manager.region(at: range.limit).byteCount == 11 * Page.byteCount)
    }

    // Source: behaviour 6.11, 6.12.
    @Test("the no-access partition at the top is reserved, above it there is nothing")
    func top() throws {
        let memory = TestMemory(.mapped)
        #expect(throws: MemoryError.invalidParameter) {
            try memory.manager.region(at: 0x8000_0000_0000)
        }
        #expect(throws: MemoryError.invalidParameter) { try memory.manager.region(at: .max) }
        let partition = try memory.manager.region(at: Page.endOfReservableSpace)
        if ForeignMappings.first(atOrAfter: Page.endOfReservableSpace) == nil {
            #expect(partition.state == .reserved)
            #expect(partition.byteCount == 0x10000)
        }
    }

    @Test("the stack is committed, private and writable")
    func stack() throws {
        let memory = TestMemory(.mapped)
        var local = 0
        try unsafe withUnsafePointer(to: &local) { pointer in
            let region = try memory.manager.region(at: UInt(bitPattern: pointer))
            #expect(region.state == .committed(PageProtection(.readWrite)))
            #expect(region.type == .private)
        }
    }

    @Test(
        "a walk from address zero upwards visits every address once",
        arguments: BackingKind.allCases)
    func walk(backing: BackingKind) throws {
        let memory = TestMemory(backing)
        let range = try memory.reserve(100)
        try memory.commit(part(10..<20, of: range))
        var address: UInt = 0
        var found: [UInt] = []
        while address < Page.endOfReservableSpace {
            let region = try memory.manager.region(at: address)
            try #require(region.base == address && region.byteCount > 0)
            if region.allocationBase == range.base { found.append(region.byteCount) }
            address += region.byteCount
        }
        #expect(found == [10, 10, 80].map { $0 * Page.byteCount })
    }

    @Test("the rest of the commit limit shrinks with every commit")
    func commitStatus() throws {
        let memory = TestMemory(.mapped, commitLimit: 100)
        _ = try memory.reserve(30, .atOnce)
        let status = memory.manager.commitStatus()
        #expect(status.limit == 100 * 4096)
        #expect(status.available == 70 * 4096)
    }
}
