// OpenProcess and GetProcessId (behaviour 13.7, A13.2, A13.5, A13.7).

import AddressSpace
import CWin32
import LinuxKernel

@_cdecl("OpenProcess") @implementation
public func OpenProcess(
    _ dwDesiredAccess: DWORD, _ bInheritHandle: BOOL, _ dwProcessId: DWORD
) -> HANDLE? {
    do throws(MemoryError) {
        let rights = AccessRights.ofProcess(dwDesiredAccess)
        var entry = HandleEntry(kind: .process, rights: rights)
        if dwProcessId != CurrentProcess.identifier {
            entry.detail = try otherProcess(dwProcessId, rights).detail
        }
        return unsafe try HandleTable.insert(entry)
    } catch {
        return unsafe fail(error, nil)
    }
}

/// - Throws: `.invalidParameter` if there is no such process; `.accessDenied` if Linux does not allow an access
///   for which one of the rights stands.
private func otherProcess(
    _ identifier: DWORD, _ rights: DWORD
) throws(MemoryError) -> OtherProcess {
    do throws(KernelError) {
        try OtherProcess.find(identifier)
    } catch {
        if error == .noProcess { throw .invalidParameter }
        if rights & ~AccessRights.harmless != 0 { throw .accessDenied }
    }
    let process = OtherProcess.running(identifier)
    if rights & AccessRights.toMemory != 0 {
        do throws(KernelError) { try process.requireAccess() } catch {
            throw error == .noProcess ? .invalidParameter : .accessDenied
        }
    }
    return process
}

/// Access rights of process handles.
private enum AccessRights {
    /// They need the right to trace the process (A13.7).
    static let toMemory = DWORD(PROCESS_VM_READ | PROCESS_VM_WRITE | PROCESS_VM_OPERATION)
    /// Every user may ask for them.
    static let harmless = DWORD(PROCESS_QUERY_LIMITED_INFORMATION | SYNCHRONIZE)

    /// The rights that generic ones, and MAXIMUM_ALLOWED, stand for.
    static func ofProcess(_ access: DWORD) -> DWORD {
        var rights = access
        if access & (DWORD(GENERIC_ALL) | DWORD(MAXIMUM_ALLOWED)) != 0 {
            rights |= DWORD(PROCESS_ALL_ACCESS)
        }
        if access & GENERIC_READ != 0 {
            rights |= DWORD(PROCESS_VM_READ | PROCESS_QUERY_INFORMATION)
        }
        if access & DWORD(GENERIC_WRITE) != 0 {
            rights |= DWORD(PROCESS_VM_WRITE | PROCESS_VM_OPERATION | PROCESS_DUP_HANDLE)
            rights |= DWORD(PROCESS_SET_QUOTA | PROCESS_SET_INFORMATION)
        }
        return rights
    }
}

@_cdecl("GetProcessId") @implementation
public func GetProcessId(_ Process: HANDLE?) -> DWORD {
    do throws(MemoryError) {
        return unsafe try ProcessHandle.identifier(of: Process)
    } catch {
        return fail(error, 0)
    }
}
