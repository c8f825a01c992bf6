// The storage of the exception layer that all threads share: fixed words, never allocated, zero at start.

import LinuxKernel
import Synchronization

typealias SharedWord = Atomic<UInt64>
typealias SharedWordPointer = UnsafeMutablePointer<SharedWord>

enum ExceptionStorage {
    private static let handlersOffset = 8

    private static func word(_ offset: Int) -> SharedWordPointer {
        unsafe FixedStorage.exceptions.assumingMemoryBound(to: SharedWord.self) + offset
    }

    /// The number of handlers that were ever added at the head and at the tail; the number of slots ever
    /// used.
    static var headCount: SharedWordPointer { unsafe word(0) }
    static var tailCount: SharedWordPointer { unsafe word(1) }
    static var usedSlotCount: SharedWordPointer { unsafe word(2) }
    /// The top-level filter, as an address.
    static var topLevelFilter: SharedWordPointer { unsafe word(3) }
    static var errorMode: SharedWordPointer { unsafe word(4) }
    static var handlers: SharedWordPointer { unsafe word(handlersOffset) }
}
