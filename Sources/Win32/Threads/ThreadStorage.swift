// The values behind Tls* and Fls*: a block for each thread that has set one, all blocks in a list,
// and which indices are in use.

import CLinux
import CWin32
import Synchronization

/// Tls* indices come first, then those of Fls*; both are numbered through as slots.
enum ThreadStorage {
    static let tlsSlots = 0..<Int(TLS_INDEX_COUNT)
    /// Fls index 0 is never given out.
    static let flsSlots = Int(TLS_INDEX_COUNT)..<Int(TLS_INDEX_COUNT + FLS_INDEX_COUNT)

    /// Behind the values of a block: the next block, and the one before.
    private static let next = flsSlots.upperBound
    private static let previous = flsSlots.upperBound + 1

    typealias Block = UnsafeMutablePointer<UnsafeMutableRawPointer?>

    private static var words: UnsafeMutablePointer<UInt64> { unsafe thread_storage_words()! }
    private static var lock: Futex { unsafe Futex(UnsafeMutableRawPointer(words)) }

    private static var firstBlock: Block? {
        get { unsafe Block(bitPattern: UInt(words[1])) }
        set { unsafe words[1] = UInt64(UInt(bitPattern: newValue)) }
    }

    static func take() {
        if lock.replace(0, by: 1) { return }
        while lock.exchange(2) != 0 { lock.wait(while: 2) }
    }

    static func release() {
        if lock.exchange(0) == 2 { lock.wakeOne() }
    }

    /// - Parameter use: What is remembered of the slot; not zero.
    static func allocate(in slots: Range<Int>, for use: UInt64) -> Int? {
        take()
        defer { release() }
        var slot = slots.lowerBound
        while slot < slots.upperBound {
            if unsafe words[2 &+ slot] == 0 {
                unsafe words[2 &+ slot] = use
                return slot
            }
            slot &+= 1
        }
        return nil
    }

    static func use(of slot: Int) -> UInt64 { unsafe words[2 &+ slot] }

    /// Ends the use of a slot. Every thread's value becomes NULL, after `body` was called with it.
    ///
    /// - Returns: False if the slot was not in use.
    static func free(_ slot: Int, _ body: (UInt64, UnsafeMutableRawPointer) -> Void) -> Bool {
        let use = unsafe words[2 &+ slot]
        if use == 0 { return false }
        // The callback may use this storage, so it is called without the lock.
        while let value = unsafe takeAnyValue(of: slot) { unsafe body(use, value) }
        unsafe words[2 &+ slot] = 0
        return true
    }

    private static func takeAnyValue(of slot: Int) -> UnsafeMutableRawPointer? {
        take()
        defer { release() }
        var block = unsafe firstBlock
        while let current = unsafe block {
            if let value = unsafe current[slot] {
                unsafe current[slot] = nil
                return unsafe value
            }
            unsafe block = unsafe current[next]?.assumingMemoryBound(
                to: UnsafeMutableRawPointer?.self)
        }
        return nil
    }

    @inline(__always)
    static func value(of slot: Int) -> UnsafeMutableRawPointer? { unsafe thread_values()?[slot] }

    /// - Returns: False if there is no memory for the thread's block.
    static func set(_ value: UnsafeMutableRawPointer?, of slot: Int) -> Bool {
        guard let block = unsafe thread_values() ?? newBlock() else { return false }
        unsafe block[slot] = unsafe value
        return true
    }

    private static func newBlock() -> Block? {
        guard let memory = unsafe map_zeroed(Int(THREAD_VALUES_BYTE_COUNT)) else { return nil }
        let block = unsafe memory.assumingMemoryBound(to: UnsafeMutableRawPointer?.self)
        take()
        unsafe block[next] = unsafe UnsafeMutableRawPointer(firstBlock)
        unsafe firstBlock?[previous] = unsafe memory
        unsafe firstBlock = unsafe block
        release()
        unsafe set_thread_values(block)
        return unsafe block
    }

    /// Takes the block of an ending thread out of the list.
    static func remove(_ block: Block) {
        take()
        let after = unsafe block[next]?.assumingMemoryBound(to: UnsafeMutableRawPointer?.self)
        let before = unsafe block[previous]?.assumingMemoryBound(to: UnsafeMutableRawPointer?.self)
        unsafe after?[previous] = unsafe block[previous]
        if let before = unsafe before {
            unsafe before[next] = unsafe block[next]
        } else {
            unsafe firstBlock = unsafe after
        }
        release()
    }

    /// In a fork child: the other threads are gone, and their blocks with them.
    static func keepOwnBlockOnly() {
        let own = unsafe thread_values()
        unsafe own?[next] = nil
        unsafe own?[previous] = nil
        unsafe firstBlock = unsafe own
        release()
    }
}

@_cdecl("win32memory_thread_ends") @implementation
public func win32memory_thread_ends(_ values: UnsafeMutableRawPointer?) {
    guard let block = unsafe values?.assumingMemoryBound(to: UnsafeMutableRawPointer?.self) else {
        return
    }
    for slot in ThreadStorage.flsSlots {
        let use = ThreadStorage.use(of: slot)
        if use <= 1 { continue }
        if let value = unsafe block[slot] {
            unsafe block[slot] = nil
            unsafe win32memory_call_fiber_callback(use, value)
        }
    }
    unsafe ThreadStorage.remove(block)
}
