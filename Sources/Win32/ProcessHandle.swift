// Process handles. This process is the only one that can be reached.

import AddressSpace
import CLinux
import CWin32

enum ProcessHandle {
    /// The pseudo-handle of this process: (HANDLE)-1.
    @inline(__always) static var current: HANDLE? { unsafe HANDLE(bitPattern: -1) }

    /// - Throws: `.invalidHandle` for NULL and for every value that we never gave out
    ///   (behaviour 13.3, 13.11).
    @inline(__always)
    static func require(_ handle: HANDLE?) throws(MemoryError) {
        if Int(bitPattern: handle) != -1 { throw .invalidHandle }
    }
}

@_cdecl("GetCurrentProcess") @implementation
public func GetCurrentProcess() -> HANDLE? { unsafe ProcessHandle.current }

@_cdecl("GetCurrentProcessId") @implementation
public func GetCurrentProcessId() -> DWORD { process_identifier() }
