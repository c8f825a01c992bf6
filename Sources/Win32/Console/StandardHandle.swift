// GetStdHandle, SetStdHandle, and the streams that handles name.

import AddressSpace
import CWin32
import LinuxKernel
import Synchronization

@_cdecl("GetStdHandle") @implementation
public func GetStdHandle(_ nStdHandle: DWORD) -> HANDLE? {
    do throws(MemoryError) {
        guard let standard = StandardHandle(nStdHandle) else { throw .invalidHandle }
        return unsafe try standard.handle()
    } catch {
        return unsafe fail(error, HANDLE(bitPattern: -1))
    }
}

@_cdecl("SetStdHandle") @implementation
public func SetStdHandle(_ nStdHandle: DWORD, _ hHandle: HANDLE?) -> BOOL {
    guard let standard = StandardHandle(nStdHandle) else {
        return fail(.invalidHandle, BOOL.failure)
    }
    unsafe standard.set(hHandle)
    return BOOL.success
}

/// One of the three standard handles. It becomes an entry of the table of handles at its first use.
private struct StandardHandle {
    private let descriptor: Int32

    /// Tells a handle from a word that was never set: no handle has only this bit.
    private static let mark: UInt = 1 << 63

    init?(_ number: DWORD) {
        switch number {
        case STD_INPUT_HANDLE: descriptor = 0
        case STD_OUTPUT_HANDLE: descriptor = 1
        case STD_ERROR_HANDLE: descriptor = 2
        default: return nil
        }
    }

    private var word: UnsafeMutablePointer<Atomic<UInt>> {
        unsafe FixedStorage.standardHandles.assumingMemoryBound(to: Atomic<UInt>.self)
            + Int(descriptor)
    }

    /// - Returns: `nil` if the descriptor is not open.
    func handle() throws(MemoryError) -> HANDLE? {
        let known = unsafe word.pointee.load(ordering: .acquiring)
        if known != 0 { return unsafe HANDLE(bitPattern: known ^ StandardHandle.mark) }
        if Stream(descriptor: descriptor).kind == .closed { return nil }
        let rights =
            descriptor == 0 ? StreamHandle.toRead : StreamHandle.toRead | StreamHandle.toWrite
        let handle = unsafe try HandleTable.insert(
            HandleEntry(kind: .stream, rights: rights, detail: UInt64(descriptor)))
        let result = unsafe word.pointee.compareExchange(
            expected: 0, desired: UInt(bitPattern: handle) ^ StandardHandle.mark,
            ordering: .acquiringAndReleasing)
        if result.exchanged { return unsafe handle }
        // Another thread was first.
        unsafe try HandleTable.remove(handle)
        return unsafe HANDLE(bitPattern: result.original ^ StandardHandle.mark)
    }

    func set(_ handle: HANDLE?) {
        unsafe word.pointee.store(
            UInt(bitPattern: handle) ^ StandardHandle.mark, ordering: .releasing)
    }
}

enum StreamHandle {
    static let toRead = DWORD(GENERIC_READ)
    static let toWrite = DWORD(GENERIC_WRITE)
    private static let allToWrite =
        toWrite | DWORD(GENERIC_ALL) | DWORD(FILE_WRITE_DATA | FILE_APPEND_DATA)

    /// The stream of `handle`.
    ///
    /// - Throws: `.invalidHandle` if it is not a handle of a stream.
    static func stream(of handle: HANDLE?) throws(MemoryError) -> Stream {
        Stream(descriptor: Int32(truncatingIfNeeded: unsafe try entry(of: handle).detail))
    }

    /// Same as `stream`; throws `.accessDenied` too.
    static func writableStream(of handle: HANDLE?) throws(MemoryError) -> Stream {
        let entry = unsafe try entry(of: handle)
        if entry.rights & allToWrite == 0 { throw .accessDenied }
        return Stream(descriptor: Int32(truncatingIfNeeded: entry.detail))
    }

    /// The terminal to which `handle` writes.
    ///
    /// - Throws: `.invalidHandle` if it is none (Learn, WriteConsole).
    static func terminal(of handle: HANDLE?) throws(MemoryError) -> Stream {
        let entry = unsafe try entry(of: handle)
        let stream = Stream(descriptor: Int32(truncatingIfNeeded: entry.detail))
        if entry.rights & allToWrite == 0 || !stream.isTerminal { throw .invalidHandle }
        return stream
    }

    private static func entry(of handle: HANDLE?) throws(MemoryError) -> HandleEntry {
        let entry = unsafe try HandleTable.entry(of: handle)
        if entry.kind != .stream { throw .invalidHandle }
        return entry
    }
}
