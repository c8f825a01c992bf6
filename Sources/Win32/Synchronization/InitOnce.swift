// INIT_ONCE: two bits of progress, and behind them the context.

import AddressSpace
import CLinux
import CWin32
import Synchronization

private enum Progress {
    static let none: UInt = 0
    static let running: UInt = 1
    static let done: UInt = 2
    /// Several may be at it.
    static let runningTogether: UInt = 3
    static let mask: UInt = 3
}

@safe private struct OnceWord {
    private let word: UnsafeMutablePointer<Atomic<UInt>>

    init(_ once: PINIT_ONCE?) {
        unsafe word = unsafe UnsafeMutableRawPointer(CallerMemory.unchecked(once))
            .assumingMemoryBound(
                to: Atomic<UInt>.self)
    }

    var value: UInt { unsafe word.pointee.load(ordering: .acquiring) }

    func replace(_ old: UInt, by new: UInt) -> Bool {
        unsafe word.pointee.compareExchange(
            expected: old, desired: new, ordering: .acquiringAndReleasing
        ).exchanged
    }

    /// The half with the progress.
    var futex: Futex { unsafe Futex(UnsafeMutableRawPointer(word)) }
}

@_cdecl("InitOnceInitialize") @implementation
public func InitOnceInitialize(_ InitOnce: PINIT_ONCE?) {
    unsafe CallerMemory.unchecked(InitOnce).pointee.Ptr = nil
}

@_cdecl("InitOnceExecuteOnce") @implementation
public func InitOnceExecuteOnce(
    _ InitOnce: PINIT_ONCE?, _ InitFn: PINIT_ONCE_FN?, _ Parameter: PVOID?,
    _ Context: UnsafeMutablePointer<LPVOID?>?
) -> BOOL {
    var isPending: BOOL = 0
    if unsafe InitOnceBeginInitialize(InitOnce, 0, &isPending, Context) == 0 { return BOOL.failure }
    if isPending == 0 { return BOOL.success }
    var context: PVOID?
    if unsafe CallerMemory.unchecked(InitFn)(InitOnce, Parameter, &context) == 0 {
        _ = unsafe finish(OnceWord(InitOnce), Progress.running, Progress.none)
        return BOOL.failure
    }
    if unsafe InitOnceComplete(InitOnce, 0, context) == 0 { return BOOL.failure }
    unsafe Context?.pointee = unsafe context
    return BOOL.success
}

@_cdecl("InitOnceBeginInitialize") @implementation
public func InitOnceBeginInitialize(
    _ lpInitOnce: LPINIT_ONCE?, _ dwFlags: DWORD, _ fPending: PBOOL?,
    _ lpContext: UnsafeMutablePointer<LPVOID?>?
) -> BOOL {
    let isCheck = dwFlags & DWORD(INIT_ONCE_CHECK_ONLY) != 0
    let isTogether = dwFlags & DWORD(INIT_ONCE_ASYNC) != 0
    if dwFlags & ~DWORD(INIT_ONCE_CHECK_ONLY | INIT_ONCE_ASYNC) != 0 || (isCheck && isTogether) {
        return fail(.invalidParameter, BOOL.failure)
    }
    let once = unsafe OnceWord(lpInitOnce)
    let running = isTogether ? Progress.runningTogether : Progress.running
    while true {
        let value = once.value
        if value & Progress.mask == Progress.done {
            unsafe fPending?.pointee = BOOL.failure
            unsafe lpContext?.pointee = unsafe LPVOID(bitPattern: value & ~Progress.mask)
            return BOOL.success
        }
        if isCheck { return refuse(DWORD(ERROR_GEN_FAILURE)) }
        if value == Progress.none {
            if !once.replace(value, by: running) { continue }
        } else if value & Progress.mask != running {
            return fail(.invalidParameter, BOOL.failure)
        } else if !isTogether {
            once.futex.wait(while: UInt32(truncatingIfNeeded: value))
            continue
        }
        unsafe fPending?.pointee = BOOL.success
        return BOOL.success
    }
}

@_cdecl("InitOnceComplete") @implementation
public func InitOnceComplete(
    _ lpInitOnce: LPINIT_ONCE?, _ dwFlags: DWORD, _ lpContext: LPVOID?
) -> BOOL {
    let isTogether = dwFlags & DWORD(INIT_ONCE_ASYNC) != 0
    let isFailed = dwFlags & DWORD(INIT_ONCE_INIT_FAILED) != 0
    let context = UInt(bitPattern: lpContext)
    if dwFlags & ~DWORD(INIT_ONCE_ASYNC | INIT_ONCE_INIT_FAILED) != 0 || (isTogether && isFailed)
        || (isFailed && context != 0) || context & Progress.mask != 0
    {
        return fail(.invalidParameter, BOOL.failure)
    }
    let result = isFailed ? Progress.none : Progress.done | context
    let running = isTogether ? Progress.runningTogether : Progress.running
    if unsafe finish(OnceWord(lpInitOnce), running, result) { return BOOL.success }
    return refuse(DWORD(ERROR_GEN_FAILURE))
}

private func finish(_ once: OnceWord, _ running: UInt, _ result: UInt) -> Bool {
    if !once.replace(running, by: result) { return false }
    once.futex.wakeAll()
    return true
}

private func refuse(_ code: DWORD) -> BOOL {
    setLastError(code)
    return BOOL.failure
}
