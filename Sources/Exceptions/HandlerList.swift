// The vectored handlers: two lists, of exception handlers and of continue handlers, in fixed slots.
//
// There are no links and no lock. Every handler has a position, and a dispatcher repeatedly searches for the
// handler with the next higher position. So handlers may be added and removed during a dispatch, by this
// thread or another. The word of a slot has a generation, so that an old handle is not mistaken for a later
// one in the same slot.

import CWin32
import Synchronization

/// Which of the two lists a handler is on.
package enum HandlerKind: UInt64 {
    case exception = 1
    case `continue` = 2
}

/// Where a list takes a new handler.
package enum HandlerPlace {
    /// Before all others.
    case head
    /// After all others.
    case tail
}

/// One slot: state and generation; position; function.
enum HandlerSlot {
    static let wordCount = 3
    /// The most handlers that can be registered at a time, on both lists together.
    static let count = 1000

    static let free: UInt64 = 0
    /// Taken by a thread that is filling it in.
    static let taken: UInt64 = 3
    static let stateMask: UInt64 = 3
    static let generationStep: UInt64 = 4

    /// The number of low bits of a handle that hold the index of the slot; the word of the slot is above
    /// them.
    static let indexBitCount: UInt = 10
    static let indexMask: UInt = 1 << indexBitCount - 1
}

package enum HandlerList {
    /// A handler as a dispatcher reads it.
    struct Entry {
        let position: Int64
        let function: UInt64
    }

    private static func slot(_ index: Int) -> SharedWordPointer {
        unsafe ExceptionStorage.handlers + index &* HandlerSlot.wordCount
    }

    /// Registers `function` at one end of the list of its kind.
    ///
    /// - Returns: A handle, never zero; `nil` when all slots are taken.
    /// - Complexity: O(slots in use). Lock-free; signal-safe.
    package static func add(
        _ function: UInt, _ kind: HandlerKind, at place: HandlerPlace
    ) -> UInt? {
        for index in 0..<HandlerSlot.count {
            let words = unsafe slot(index)
            let state = unsafe words[0].load(ordering: .relaxed)
            if state & HandlerSlot.stateMask != HandlerSlot.free { continue }
            let isMine = unsafe words[0].compareExchange(
                expected: state, desired: state | HandlerSlot.taken, ordering: .acquiring
            ).exchanged
            if !isMine { continue }
            unsafe words[1].store(newPosition(at: place), ordering: .relaxed)
            unsafe words[2].store(UInt64(function), ordering: .relaxed)
            let filled = (state &+ HandlerSlot.generationStep) | kind.rawValue
            unsafe ExceptionStorage.usedSlotCount.pointee.max(
                UInt64(index &+ 1), ordering: .relaxed)
            unsafe words[0].store(filled, ordering: .releasing)
            return UInt(filled) &<< HandlerSlot.indexBitCount | UInt(index)
        }
        return nil
    }

    private static func newPosition(at place: HandlerPlace) -> UInt64 {
        switch place {
        case .head:
            unsafe ExceptionStorage.headCount.pointee.wrappingSubtract(1, ordering: .relaxed)
                .newValue
        case .tail:
            unsafe ExceptionStorage.tailCount.pointee.wrappingAdd(1, ordering: .relaxed).newValue
        }
    }

    /// Unregisters the handler that `add` registered.
    ///
    /// - Returns: False if `handle` is not registered on the list of `kind`.
    package static func remove(_ handle: UInt, _ kind: HandlerKind) -> Bool {
        let index = Int(handle & HandlerSlot.indexMask)
        let state = UInt64(handle &>> HandlerSlot.indexBitCount)
        if index >= HandlerSlot.count || state & HandlerSlot.stateMask != kind.rawValue {
            return false
        }
        return unsafe slot(index)[0].compareExchange(
            expected: state, desired: state & ~HandlerSlot.stateMask, ordering: .releasing
        ).exchanged
    }

    /// The handler of `kind` with the lowest position above `position`.
    static func next(_ kind: HandlerKind, after position: Int64) -> Entry? {
        var best: Entry?
        let used = Int(
            truncatingIfNeeded: unsafe ExceptionStorage.usedSlotCount.pointee.load(
                ordering: .relaxed))
        for index in 0..<used {
            guard let entry = entry(at: index, kind), entry.position > position else { continue }
            if best == nil || entry.position < best!.position { best = entry }
        }
        return best
    }

    private static func entry(at index: Int, _ kind: HandlerKind) -> Entry? {
        let words = unsafe slot(index)
        let state = unsafe words[0].load(ordering: .acquiring)
        if state & HandlerSlot.stateMask != kind.rawValue { return nil }
        let entry = Entry(
            position: Int64(bitPattern: unsafe words[1].load(ordering: .relaxed)),
            function: unsafe words[2].load(ordering: .relaxed))
        atomicMemoryFence(ordering: .acquiring)
        return unsafe words[0].load(ordering: .relaxed) == state ? entry : nil
    }
}
