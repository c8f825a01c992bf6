// Windows' privileges by name and number, and which of them this process has.

import CWin32
import LinuxKernel
import Synchronization

enum PrivilegeNames {
    /// The number that Windows gives to `name` on every system; `nil` if there is none.
    static func number(of name: CharacterText) -> UInt32? {
        let length = name.length
        // All names have the form "Se...Privilege", so only the part in between is compared.
        let tail = length &- 9
        if tail <= 2 || !name.matches("Se", from: 0, to: 2)
            || !name.matches("Privilege", from: tail, to: length)
        {
            return nil
        }
        var number: UInt32 = 2
        while let candidate = privilege(number) {
            if name.matches(candidate, from: 2, to: tail) { return number }
            number &+= 1
        }
        return nil
    }

    /// Source: winnt.h and wdm.h of the SDK, SE_*_NAME and SE_*_PRIVILEGE.
    private static func privilege(_ number: UInt32) -> StaticString? {
        switch number {
        case 2: "CreateToken"
        case 3: "AssignPrimaryToken"
        case 4: "LockMemory"
        case 5: "IncreaseQuota"
        case 6: "MachineAccount"
        case 7: "Tcb"
        case 8: "Security"
        case 9: "TakeOwnership"
        case 10: "LoadDriver"
        case 11: "SystemProfile"
        case 12: "Systemtime"
        case 13: "ProfileSingleProcess"
        case 14: "IncreaseBasePriority"
        case 15: "CreatePagefile"
        case 16: "CreatePermanent"
        case 17: "Backup"
        case 18: "Restore"
        case 19: "Shutdown"
        case 20: "Debug"
        case 21: "Audit"
        case 22: "SystemEnvironment"
        case 23: "ChangeNotify"
        case 24: "RemoteShutdown"
        case 25: "Undock"
        case 26: "SyncAgent"
        case 27: "EnableDelegation"
        case 28: "ManageVolume"
        case 29: "Impersonate"
        case 30: "CreateGlobal"
        case 31: "TrustedCredManAccess"
        case 32: "Relabel"
        case 33: "IncreaseWorkingSet"
        case 34: "TimeZone"
        case 35: "CreateSymbolicLink"
        case 36: "DelegateSessionUserImpersonate"
        default: nil
        }
    }
}

/// The privileges of this process's token: bit n stands for privilege number n.
struct HeldPrivileges: Equatable {
    var held: UInt64
    var enabled: UInt64

    private static let changeNotify: UInt64 = 1 << 23
    private static let increaseWorkingSet: UInt64 = 1 << 33

    /// The initial privileges of a process without special rights on Windows.
    static let initial = HeldPrivileges(
        held: changeNotify | increaseWorkingSet, enabled: changeNotify)

    /// The difference from `initial`, so that zeroed storage means `initial`.
    private static var changes: UnsafeMutablePointer<Atomic<UInt64>> {
        unsafe FixedStorage.privileges.assumingMemoryBound(to: Atomic<UInt64>.self)
    }

    static var now: HeldPrivileges {
        let word = unsafe changes.pointee.load(ordering: .relaxed)
        return HeldPrivileges(
            held: initial.held & ~(word &<< 1 & initial.held),
            enabled: initial.enabled ^ (word & initial.held))
    }

    func store() {
        let removed = (HeldPrivileges.initial.held & ~held) &>> 1
        let changed = HeldPrivileges.initial.enabled ^ enabled
        unsafe HeldPrivileges.changes.pointee.store(removed | changed, ordering: .relaxed)
    }
}
