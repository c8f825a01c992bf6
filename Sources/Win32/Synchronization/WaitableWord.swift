// A 32-bit word on which threads can sleep, and deadlines.

import CWin32
import LinuxKernel
import Synchronization

@safe struct WaitableWord {
    private let word: UnsafeMutablePointer<Atomic<UInt32>>

    /// - Parameter address: Four aligned bytes that only this library uses.
    init(_ address: UnsafeMutableRawPointer) {
        unsafe word = address.assumingMemoryBound(to: Atomic<UInt32>.self)
    }

    /// The four aligned bytes within an object of eight, which may be at any address: the first four if the
    /// object is aligned.
    init(within object: UnsafeMutableRawPointer) {
        let misalignment = Int(UInt(bitPattern: object) & 3)
        unsafe self.init(object + (misalignment == 0 ? 0 : 4 &- misalignment))
    }

    var value: UInt32 { unsafe word.pointee.load(ordering: .acquiring) }

    func store(_ value: UInt32) { unsafe word.pointee.store(value, ordering: .releasing) }

    /// - Returns: Whether the word was `old` and is `new` now.
    func replace(_ old: UInt32, by new: UInt32) -> Bool {
        unsafe word.pointee.compareExchange(
            expected: old, desired: new, ordering: .acquiringAndReleasing
        ).exchanged
    }

    /// - Returns: The previous value.
    func exchange(_ value: UInt32) -> UInt32 {
        unsafe word.pointee.exchange(value, ordering: .sequentiallyConsistent)
    }

    /// - Returns: The new value.
    @discardableResult
    func add(_ value: UInt32) -> UInt32 {
        unsafe word.pointee.wrappingAdd(value, ordering: .sequentiallyConsistent).newValue
    }

    /// Sleeps while the word is `value`.
    ///
    /// - Returns: False if the time is over.
    @discardableResult
    func wait(while value: UInt32, until deadline: Int64 = .max) -> Bool {
        unsafe Futex.wait(raw, while: value, until: deadline)
    }

    func wakeOne() { unsafe Futex.wakeOne(raw) }
    func wakeAll() { unsafe Futex.wakeAll(raw) }

    private var raw: UnsafeMutablePointer<UInt32> {
        unsafe UnsafeMutableRawPointer(word).assumingMemoryBound(to: UInt32.self)
    }
}

enum Deadline {
    /// The moment `milliseconds` from now; INFINITE is never.
    static func after(_ milliseconds: DWORD) -> Int64 {
        milliseconds == INFINITE
            ? .max : KernelClock.monotonic &+ Int64(milliseconds) &* KernelClock.millisecond
    }
}
