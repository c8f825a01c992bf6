// CONDITION_VARIABLE: a count of wake-ups, which is the futex, and the number of sleepers. Each has four
// bytes; in a variable that is not aligned, both share its four aligned bytes.

import CWin32

private struct Waiters {
    private let wakeUps: WaitableWord
    private let sleepers: WaitableWord
    /// The value of one wake-up in `wakeUps`, and the bits of the count in `sleepers`.
    private let wakeUp: UInt32
    private let sleeperMask: UInt32

    init(_ variable: UnsafeMutableRawPointer) {
        wakeUps = unsafe WaitableWord(within: variable)
        if UInt(bitPattern: variable) & 3 == 0 {
            sleepers = unsafe WaitableWord(variable + 4)
            (wakeUp, sleeperMask) = (1, .max)
        } else {
            sleepers = wakeUps
            (wakeUp, sleeperMask) = (1 << 16, 1 << 16 - 1)
        }
    }

    private var hasSleepers: Bool { sleepers.value & sleeperMask != 0 }

    /// Sleeps until a wake-up occurs after `wakeUps` was `seen`.
    ///
    /// - Returns: False if the time is over.
    private func sleep(since seen: UInt32, until deadline: Int64) -> Bool {
        var now = wakeUps.value
        // Sleepers that come or go may change the same word.
        while now & ~(wakeUp &- 1) == seen & ~(wakeUp &- 1) {
            if !wakeUps.wait(while: now, until: deadline) { return false }
            if sleeperMask == .max { return true }
            now = wakeUps.value
        }
        return true
    }

    /// Sleeps until woken; `release` and `acquire` are those of the lock.
    func sleep(_ milliseconds: DWORD, _ release: () -> Void, _ acquire: () -> Void) -> BOOL {
        let deadline = Deadline.after(milliseconds)
        // In this order, so that a thread which takes the lock after `release` sees the sleeper.
        sleepers.add(1)
        let seen = wakeUps.value
        release()
        let isInTime = sleep(since: seen, until: deadline)
        sleepers.add(UInt32.max)
        acquire()
        if isInTime { return BOOL.success }
        return fail(DWORD(ERROR_TIMEOUT), BOOL.failure)
    }

    func wakeOne() {
        if !hasSleepers { return }
        wakeUps.add(wakeUp)
        wakeUps.wakeOne()
    }

    func wakeAll() {
        if !hasSleepers { return }
        wakeUps.add(wakeUp)
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
