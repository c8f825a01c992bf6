// CONDITION_VARIABLE: a count of wake-ups, on which threads sleep, and the number of sleepers.

import CLinux
import CWin32

private struct Waiters {
    let wakeUps: Futex
    let sleepers: Futex

    init(_ variable: UnsafeMutableRawPointer) {
        wakeUps = unsafe Futex(variable)
        sleepers = unsafe Futex(variable + 4)
    }

    /// Sleeps until woken; `release` and `acquire` are the lock's.
    func sleep(_ milliseconds: DWORD, _ release: () -> Void, _ acquire: () -> Void) -> BOOL {
        let deadline = Deadline.after(milliseconds)
        // In this order: whoever takes the lock after `release` sees the sleeper and its count.
        sleepers.add(1)
        let seen = wakeUps.value
        release()
        let isInTime = wakeUps.wait(while: seen, until: deadline)
        sleepers.add(UInt32.max)
        acquire()
        if isInTime { return BOOL.success }
        setLastError(DWORD(ERROR_TIMEOUT))
        return BOOL.failure
    }

    func wakeOne() {
        if sleepers.value == 0 { return }
        wakeUps.add(1)
        wakeUps.wakeOne()
    }

    func wakeAll() {
        if sleepers.value == 0 { return }
        wakeUps.add(1)
        wakeUps.wakeAll()
    }
}

@_cdecl("InitializeConditionVariable") @implementation
public func InitializeConditionVariable(_ ConditionVariable: PCONDITION_VARIABLE?) {
    unsafe CallerMemory.unchecked(ConditionVariable).pointee.Ptr = nil
}

@_cdecl("SleepConditionVariableCS") @implementation
public func SleepConditionVariableCS(
    _ ConditionVariable: PCONDITION_VARIABLE?, _ CriticalSection: PCRITICAL_SECTION?,
    _ dwMilliseconds: DWORD
) -> BOOL {
    unsafe Waiters(CallerMemory.unchecked(ConditionVariable)).sleep(dwMilliseconds) {
        unsafe LeaveCriticalSection(CriticalSection)
    } _: {
        unsafe EnterCriticalSection(CriticalSection)
    }
}

@_cdecl("SleepConditionVariableSRW") @implementation
public func SleepConditionVariableSRW(
    _ ConditionVariable: PCONDITION_VARIABLE?, _ SRWLock: PSRWLOCK?, _ dwMilliseconds: DWORD,
    _ Flags: ULONG
) -> BOOL {
    let isShared = Flags & ULONG(CONDITION_VARIABLE_LOCKMODE_SHARED) != 0
    return unsafe Waiters(CallerMemory.unchecked(ConditionVariable)).sleep(dwMilliseconds) {
        if isShared {
            unsafe ReleaseSRWLockShared(SRWLock)
        } else {
            unsafe ReleaseSRWLockExclusive(SRWLock)
        }
    } _: {
        if isShared {
            unsafe AcquireSRWLockShared(SRWLock)
        } else {
            unsafe AcquireSRWLockExclusive(SRWLock)
        }
    }
}

@_cdecl("WakeConditionVariable") @implementation
public func WakeConditionVariable(_ ConditionVariable: PCONDITION_VARIABLE?) {
    unsafe Waiters(CallerMemory.unchecked(ConditionVariable)).wakeOne()
}

@_cdecl("WakeAllConditionVariable") @implementation
public func WakeAllConditionVariable(_ ConditionVariable: PCONDITION_VARIABLE?) {
    unsafe Waiters(CallerMemory.unchecked(ConditionVariable)).wakeAll()
}
