// INIT_ONCE: two bits of progress, and behind them the context.

import AddressSpace
import CWin32
import Synchronization

private enum Progress {
    static let none: UInt = 0
    static let running: UInt = 1
    static let done: UInt = 2
    /// Several threads may initialize at once (INIT_ONCE_ASYNC).
    static let runningTogether: UInt = 3
    static let mask: UInt = 3
}

/// Programs may put it at any address. One that is not aligned cannot be changed atomically; its bytes are
/// written in an order that readers cannot misread.
@safe private struct OnceWord {
    private let base: UnsafeMutableRawPointer
    /// Set in the first byte of an unaligned one while its other bytes are being written.
    private static let beingWritten: UInt8 = 4

    init(_ once: PINIT_ONCE?) {
        unsafe base = unsafe UnsafeMutableRawPointer(CallerMemory.unchecked(once))
    }

    private var isAligned: Bool { unsafe UInt(bitPattern: base) & 7 == 0 }

    private var word: UnsafeMutablePointer<Atomic<UInt>> {
        unsafe base.assumingMemoryBound(to: Atomic<UInt>.self)
    }

    /// The byte that holds the progress.
    private var firstByte: UnsafeMutablePointer<Atomic<UInt8>> {
        unsafe base.assumingMemoryBound(to: Atomic<UInt8>.self)
    }

    var value: UInt {
        if isAligned { return unsafe word.pointee.load(ordering: .acquiring) }
        let first = unsafe UInt(firstByte.pointee.load(ordering: .acquiring))
        let isDone = first & Progress.mask == Progress.done
        return unsafe isDone ? base.loadUnaligned(as: UInt.self) : first & Progress.mask
    }

    func replace(_ old: UInt, by new: UInt) -> Bool {
        if isAligned {
            return unsafe word.pointee.compareExchange(
                expected: old, desired: new, ordering: .acquiringAndReleasing
            ).exchanged
        }
        let before = UInt8(truncatingIfNeeded: old)
        let isOurs = unsafe firstByte.pointee.compareExchange(
            expected: before, desired: before | OnceWord.beingWritten,
            ordering: .acquiringAndReleasing
        ).exchanged
        if !isOurs { return false }
        for index in 1..<8 {
            let byte = UInt8(truncatingIfNeeded: new &>> (UInt(index) &* 8))
            unsafe base.storeBytes(of: byte, toByteOffset: index, as: UInt8.self)
        }
        unsafe firstByte.pointee.store(UInt8(truncatingIfNeeded: new), ordering: .releasing)
        return true
    }

    /// The futex: the aligned bytes around the progress.
    private var futex: WaitableWord {
        let misalignment = unsafe Int(UInt(bitPattern: base) & 3)
        return unsafe WaitableWord(base - misalignment)
    }

    func sleep(while value: UInt) {
        let seen = futex.value
        if self.value == value { futex.wait(while: seen) }
    }

    func wakeAll() { futex.wakeAll() }
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
    // The callback receives the caller's own pointer, and stores the context there.
    if unsafe CallerMemory.unchecked(InitFn)(InitOnce, Parameter, Context) == 0 {
        _ = unsafe finish(OnceWord(InitOnce), Progress.running, Progress.none)
        return BOOL.failure
    }
    let context = unsafe UInt(bitPattern: Context?.pointee) & ~Progress.mask
    return unsafe InitOnceComplete(InitOnce, 0, LPVOID(bitPattern: context))
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
        if isCheck { return fail(DWORD(ERROR_GEN_FAILURE), BOOL.failure) }
        if value == Progress.none {
            if !once.replace(value, by: running) { continue }
        } else if value & Progress.mask != running {
            return fail(.invalidParameter, BOOL.failure)
        } else if !isTogether {
            once.sleep(while: value)
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
    // An initialization by several threads cannot be failed, because another thread may succeed (behaviour
    // A15.10).
    if unsafe !isTogether && OnceWord(lpInitOnce).value == Progress.runningTogether {
        return fail(.invalidParameter, BOOL.failure)
    }
    let result = isFailed ? Progress.none : Progress.done | context
    let running = isTogether ? Progress.runningTogether : Progress.running
    if unsafe finish(OnceWord(lpInitOnce), running, result) { return BOOL.success }
    return fail(DWORD(ERROR_GEN_FAILURE), BOOL.failure)
}

private func finish(_ once: OnceWord, _ running: UInt, _ result: UInt) -> Bool {
    if !once.replace(running, by: result) { return false }
    once.wakeAll()
    return true
}
