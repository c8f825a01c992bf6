// The open handles: the object and the access rights of each. Lock-free.

import AddressSpace
import CWin32
import LinuxKernel
import Synchronization

/// The kind of object that a handle names.
enum HandleKind: UInt32 {
    case process = 1
    case thread = 2
    case token = 3
    /// Memory resource notifications.
    case lowMemory = 4
    case highMemory = 5
    /// Open descriptors.
    case stream = 6
}

/// The object of a handle.
struct HandleEntry {
    var kind: HandleKind
    /// Access rights.
    var rights: DWORD
    /// The identifier of a thread; which process, zero for this one; a descriptor; zero for other kinds.
    var detail: UInt64 = 0
}

/// Two words for each handle: kind and rights, or zero while the entry is free; and the detail.
enum HandleTable {
    private static var words: UnsafeMutablePointer<Atomic<UInt64>> {
        unsafe FixedStorage.handles.assumingMemoryBound(to: Atomic<UInt64>.self)
    }

    /// Handles are multiples of this; programs may use the lowest two bits for themselves.
    private static let handleStep = 4

    /// - Throws: `.outOfAddressSpace` if all entries are in use.
    static func insert(_ entry: HandleEntry) throws(MemoryError) -> HANDLE? {
        let word = UInt64(entry.kind.rawValue) &<< 32 | UInt64(entry.rights)
        for index in 0..<FixedStorage.handleCapacity {
            let isOurs = unsafe words[2 &* index].compareExchange(
                expected: 0, desired: word, ordering: .acquiringAndReleasing
            ).exchanged
            if isOurs {
                unsafe words[2 &* index &+ 1].store(entry.detail, ordering: .releasing)
                return unsafe HANDLE(bitPattern: (index &+ 1) &* handleStep)
            }
        }
        throw .outOfAddressSpace
    }

    /// - Throws: `.invalidHandle` for a handle that was never opened or is closed.
    static func entry(of handle: HANDLE?) throws(MemoryError) -> HandleEntry {
        let index = unsafe try index(of: handle)
        let word = unsafe words[2 &* index].load(ordering: .acquiring)
        let detail = unsafe words[2 &* index &+ 1].load(ordering: .acquiring)
        guard let kind = HandleKind(rawValue: UInt32(truncatingIfNeeded: word &>> 32)) else {
            throw .invalidHandle
        }
        return HandleEntry(
            kind: kind, rights: DWORD(truncatingIfNeeded: word),
            detail: detail)
    }

    /// - Throws: `.invalidHandle` as above.
    static func remove(_ handle: HANDLE?) throws(MemoryError) {
        let index = unsafe try index(of: handle)
        let word = unsafe words[2 &* index].exchange(0, ordering: .acquiringAndReleasing)
        if word == 0 { throw .invalidHandle }
    }

    private static func index(of handle: HANDLE?) throws(MemoryError) -> Int {
        let value = Int(bitPattern: handle)
        if value <= 0 || value % handleStep != 0
            || value / handleStep > FixedStorage.handleCapacity
        {
            throw .invalidHandle
        }
        return value / handleStep &- 1
    }
}
