// The values behind Tls* and Fls*, and the TEB: a block for each thread that has used one, and which indices
// are in use. Lock-free, so that a signal handler may use it while it interrupts another use.

import CCallbacks
import CWin32
import LinuxKernel
import Synchronization

/// A slot is the number of an index: those of Tls* come first, then those of Fls*.
///
/// Blocks are in a list that only grows. The block of a thread that ended is cleared and stays in the list
/// for the next thread, once the kernel has ended the first: until then its code may ask for its TEB, and
/// no two threads may have one. So threads may end while another thread walks the list.
enum ThreadStorage {
    static let tlsSlots = 0..<ThreadValues.tlsCount
    /// Fls index 0 is never given out.
    static let flsSlots = tlsSlots.upperBound..<tlsSlots.upperBound + ThreadValues.flsCount

    /// The word of a slot that is in use without a callback.
    static let plainUse: UInt64 = 1
    /// Set in the word of a slot while `free` is freeing it. No address has this bit.
    private static let isBeingFreed: UInt64 = 1 << 63

    /// The TEB, a pointer for each slot, the next block, and its owner: 0 if nobody has it, `taken`, or twice
    /// the identifier of the thread that has ended its use of the values.
    typealias Block = UnsafeMutablePointer<Atomic<UInt>>
    private static var next: Int { ThreadValues.nextWord }
    private static var owner: Int { ThreadValues.ownerWord }
    private static let taken: UInt = 1

    /// The first block, and a word for each slot.
    private static var words: UnsafeMutablePointer<Atomic<UInt64>> {
        unsafe FixedStorage.threadValues.assumingMemoryBound(to: Atomic<UInt64>.self)
    }

    private static func block(at address: UInt) -> Block? { unsafe Block(bitPattern: address) }

    private static var firstBlock: Block? {
        unsafe block(at: UInt(words[0].load(ordering: .acquiring)))
    }

    private static func block(after block: Block) -> Block? {
        unsafe self.block(at: block[next].load(ordering: .acquiring))
    }

    /// - Parameter use: The word of the slot: `plainUse`, or a callback.
    static func allocate(in slots: Range<Int>, for use: UInt64) -> Int? {
        for slot in slots
        where unsafe words[1 &+ slot].compareExchange(
            expected: 0, desired: use, ordering: .acquiringAndReleasing
        ).exchanged {
            return slot
        }
        return nil
    }

    static func use(of slot: Int) -> UInt64 {
        unsafe words[1 &+ slot].load(ordering: .acquiring) & ~isBeingFreed
    }

    /// Ends the use of a slot. Every thread's value becomes NULL, after `body` was called with it.
    ///
    /// - Returns: False if the slot was not in use.
    static func free(_ slot: Int, _ body: (UInt64, UnsafeMutableRawPointer) -> Void) -> Bool {
        let use = unsafe words[1 &+ slot].load(ordering: .acquiring)
        if use == 0 || use & isBeingFreed != 0 { return false }
        let isOurs = unsafe words[1 &+ slot].compareExchange(
            expected: use, desired: use | isBeingFreed, ordering: .acquiringAndReleasing
        ).exchanged
        if !isOurs { return false }
        var current = unsafe firstBlock
        while let block = unsafe current {
            if let value = unsafe takeValue(of: slot, from: block) { unsafe body(use, value) }
            unsafe current = unsafe self.block(after: block)
        }
        unsafe words[1 &+ slot].store(0, ordering: .releasing)
        return true
    }

    /// Each value is taken once: by the thread that frees its slot, or by its own thread when that ends.
    private static func takeValue(of slot: Int, from block: Block) -> UnsafeMutableRawPointer? {
        let word = ThreadValues.word(of: slot)
        if unsafe block[word].load(ordering: .relaxed) == 0 { return nil }
        return unsafe UnsafeMutableRawPointer(
            bitPattern: block[word].exchange(0, ordering: .acquiringAndReleasing))
    }

    private static var ownBlock: Block? {
        unsafe block(at: UInt(bitPattern: ThreadValues.own))
    }

    @inline(__always)
    static func value(of slot: Int) -> UnsafeMutableRawPointer? {
        let word = ThreadValues.word(of: slot)
        return unsafe UnsafeMutableRawPointer(
            bitPattern: ownBlock?[word].load(ordering: .relaxed) ?? 0)
    }

    /// - Returns: False if there is no memory for the thread's block.
    static func set(_ value: UnsafeMutableRawPointer?, of slot: Int) -> Bool {
        guard let block = unsafe ownBlock ?? newBlock() else { return false }
        unsafe block[ThreadValues.word(of: slot)].store(
            UInt(bitPattern: value), ordering: .releasing)
        return true
    }

    /// The calling thread's TEB; `nil` if there is no memory for it.
    static var environmentBlock: UnsafeMutableRawPointer? {
        guard let block = unsafe keptBlock ?? newBlock() else { return nil }
        let memory = UnsafeMutableRawPointer(block)
        unsafe ThreadValues.fillIfNew(memory)
        return unsafe memory
    }

    private static var keptBlock: Block? {
        unsafe block(at: UInt(bitPattern: ThreadValues.kept))
    }

    private static func newBlock() -> Block? {
        if let block = unsafe keptBlock {
            // The end of the thread is still running code. The call at its end will come once more.
            unsafe block[owner].store(taken, ordering: .releasing)
            _ = unsafe ThreadValues.adopt(block)
            return unsafe ownBlock
        }
        guard let block = unsafe freeBlock() ?? mappedBlock() else { return nil }
        if unsafe !ThreadValues.adopt(block) {
            // A signal handler in this thread has made a block meanwhile.
            unsafe block[owner].store(0, ordering: .releasing)
        }
        return unsafe ownBlock
    }

    private static func freeBlock() -> Block? {
        var current = unsafe firstBlock
        while let block = unsafe current {
            let state = unsafe block[owner].load(ordering: .acquiring)
            if isLeft(state),
                unsafe block[owner].compareExchange(
                    expected: state, desired: taken, ordering: .acquiringAndReleasing
                ).exchanged
            {
                unsafe ThreadValues.renew(block)
                return unsafe block
            }
            unsafe current = unsafe self.block(after: block)
        }
        return nil
    }

    /// Whether no thread can use a block whose owner is `state`. The calling thread has none, so an earlier
    /// thread had its identifier.
    private static func isLeft(_ state: UInt) -> Bool {
        if state == taken { return false }
        let identifier = UInt32(truncatingIfNeeded: state >> 1)
        return state == 0 || identifier == CurrentThread.identifier
            || !ThreadValues.threadExists(identifier)
    }

    private static func mappedBlock() -> Block? {
        guard let memory = unsafe ThreadValues.mapBlock() else { return nil }
        let block = unsafe memory.assumingMemoryBound(to: Atomic<UInt>.self)
        unsafe block[owner].store(taken, ordering: .relaxed)
        var first = unsafe words[0].load(ordering: .relaxed)
        while true {
            unsafe block[next].store(UInt(first), ordering: .relaxed)
            let result = unsafe words[0].compareExchange(
                expected: first, desired: UInt64(UInt(bitPattern: memory)),
                ordering: .acquiringAndReleasing)
            if result.exchanged { return unsafe block }
            first = result.original
        }
    }

    /// Calls the callbacks of the values of an ending thread.
    static func callBack(for block: Block) {
        for slot in flsSlots {
            let use = use(of: slot)
            if use > plainUse, let value = unsafe takeValue(of: slot, from: block) {
                unsafe ThreadValues.call(use, with: value)
            }
        }
    }

    /// Leaves the block of the calling thread to the next thread that needs one when this one has ended.
    static func giveBack(_ block: Block) {
        unsafe ThreadValues.clear(block)
        unsafe block[owner].store(UInt(CurrentThread.identifier) << 1, ordering: .releasing)
    }

    /// In the child of a fork: the other threads and their values do not exist.
    static func keepOwnBlockOnly() {
        let own = unsafe keptBlock
        var current = unsafe firstBlock
        while let block = unsafe current {
            if unsafe block != own {
                unsafe ThreadValues.clear(block)
                unsafe block[owner].store(0, ordering: .releasing)
            } else {
                unsafe block[owner].store(taken, ordering: .releasing)
                unsafe ThreadValues.fillAgain(block)
            }
            unsafe current = unsafe self.block(after: block)
        }
    }
}

@_cdecl("win32memory_thread_ends") @implementation
public func win32memory_thread_ends(_ values: UnsafeMutableRawPointer?) {
    guard let values = unsafe values else { return }
    unsafe ThreadStorage.callBack(for: values.assumingMemoryBound(to: Atomic<UInt>.self))
}

@_cdecl("win32memory_thread_ended") @implementation
public func win32memory_thread_ended(_ values: UnsafeMutableRawPointer?) {
    guard let values = unsafe values else { return }
    unsafe ThreadStorage.giveBack(values.assumingMemoryBound(to: Atomic<UInt>.self))
}
