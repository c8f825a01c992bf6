// Vectored handlers: order, handles and capacity. The process has one pair of lists, so the tests run one
// at a time, and each leaves the lists empty.

import TestSupport
import Testing

@testable import Exceptions

@Suite("Handler list", .serialized)
struct HandlerListTests {
    /// The functions on a list, in the order in which a dispatcher asks them.
    private func functions(_ kind: HandlerKind) -> [UInt64] {
        var found: [UInt64] = []
        var position = Int64.min
        while let entry = HandlerList.next(kind, after: position) {
            found.append(entry.function)
            position = entry.position
        }
        return found
    }

    @Test("a new handler is first or last on its list")
    func order() throws {
        let handles = [
            try #require(HandlerList.add(1, .exception, at: .tail)),
            try #require(HandlerList.add(2, .exception, at: .head)),
            try #require(HandlerList.add(3, .exception, at: .tail)),
            try #require(HandlerList.add(4, .exception, at: .head)),
        ]
        #expect(functions(.exception) == [4, 2, 1, 3])
        #expect(HandlerList.remove(handles[1], .exception))
        #expect(functions(.exception) == [4, 1, 3])
        for index in [0, 2, 3] { #expect(HandlerList.remove(handles[index], .exception)) }
        #expect(functions(.exception) == [])
    }

    @Test("neither list has handlers, or accepts handles, of the other")
    func kinds() throws {
        let exception = try #require(HandlerList.add(1, .exception, at: .head))
        let `continue` = try #require(HandlerList.add(2, .continue, at: .head))
        #expect(functions(.exception) == [1])
        #expect(functions(.continue) == [2])
        #expect(!HandlerList.remove(exception, .continue))
        #expect(!HandlerList.remove(`continue`, .exception))
        #expect(functions(.exception) == [1])
        #expect(HandlerList.remove(exception, .exception))
        #expect(HandlerList.remove(`continue`, .continue))
    }

    @Test("a handle is valid once, even if its slot has another handler afterwards")
    func handles() throws {
        let first = try #require(HandlerList.add(1, .exception, at: .head))
        #expect(HandlerList.remove(first, .exception))
        #expect(!HandlerList.remove(first, .exception))
        let second = try #require(HandlerList.add(1, .exception, at: .head))
        #expect(second != first)
        #expect(!HandlerList.remove(first, .exception))
        #expect(functions(.exception) == [1])
        #expect(HandlerList.remove(second, .exception))
    }

    @Test("an invalid handle removes no handler", arguments: [0, 1, 2, 1023, 1024, .max] as [UInt])
    func noHandle(value: UInt) throws {
        let handle = try #require(HandlerList.add(1, .exception, at: .head))
        #expect(!HandlerList.remove(value, .exception))
        #expect(functions(.exception) == [1])
        #expect(HandlerList.remove(handle, .exception))
    }

    @Test("both lists together have room for a thousand handlers")
    func room() {
        var handles: [(UInt, HandlerKind)] = []
        while let handle = HandlerList.add(
            UInt(handles.count), handles.count % 2 == 0 ? .exception : .continue, at: .tail)
        {
            handles.append((handle, handles.count % 2 == 0 ? .exception : .continue))
        }
        #expect(handles.count == 1000)
        #expect(Set(handles.map(\.0)).count == 1000)
        #expect(functions(.exception) == (0..<500).map { UInt64(2 * $0) })
        for (handle, kind) in handles { #expect(HandlerList.remove(handle, kind)) }
        #expect(functions(.exception) == [] && functions(.continue) == [])
    }

    @Test("a registered handler is called once while others are added and removed")
    func threads() throws {
        let staying = try #require(HandlerList.add(7, .exception, at: .tail))
        onThreads(4) { number in
            for _ in 0..<500 {
                if number == 0 {
                    #expect(functions(.exception).count { $0 == 7 } == 1)
                } else if let handle = HandlerList.add(
                    UInt(100 + number), .exception, at: number % 2 == 0 ? .head : .tail)
                {
                    #expect(HandlerList.remove(handle, .exception))
                }
            }
        }
        #expect(functions(.exception) == [7])
        #expect(HandlerList.remove(staying, .exception))
    }
}
