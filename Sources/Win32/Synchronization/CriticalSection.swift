// CRITICAL_SECTION: LockCount is the lock, with the values of Windows: -1 free, -2 held, -6 held while other
// threads wait.

import CWin32
import LinuxKernel

private let free = UInt32(bitPattern: -1)
private let held = UInt32(bitPattern: -2)
private let contended = UInt32(bitPattern: -6)

/// How often a thread tries to take the lock before it sleeps.
private enum SpinCount {
    /// The highest byte of the number that programs pass has flags.
    static let mask: DWORD = 0x00FF_FFFF
    /// The most tries, however many the program asks for.
    static let most: ULONG_PTR = 4000
}

private func lock(of section: LPCRITICAL_SECTION) -> WaitableWord {
    let start = UnsafeMutableRawPointer(section)
    // The lock is LockCount, at offset 8. In a section that is not aligned it is the four aligned bytes of
    // LockSemaphore, at offset 24 (winnt.h).
    return unsafe UInt(bitPattern: start) & 3 == 0
        ? WaitableWord(start + 8) : WaitableWord(within: start + 24)
}

/// Lets LockCount of a section that is not aligned show the lock's state too.
private func show(_ state: UInt32, in section: LPCRITICAL_SECTION) {
    if UInt(bitPattern: section) & 3 != 0 {
        unsafe section.pointee.LockCount = LONG(bitPattern: state)
    }
}

private func ownThread() -> HANDLE? {
    unsafe HANDLE(bitPattern: UInt(CurrentThread.identifier))
}

@_cdecl("InitializeCriticalSection") @implementation
public func InitializeCriticalSection(_ lpCriticalSection: LPCRITICAL_SECTION?) {
    _ = unsafe InitializeCriticalSectionEx(lpCriticalSection, 0, 0)
}

@_cdecl("InitializeCriticalSectionAndSpinCount") @implementation
public func InitializeCriticalSectionAndSpinCount(
    _ lpCriticalSection: LPCRITICAL_SECTION?, _ dwSpinCount: DWORD
) -> BOOL {
    unsafe InitializeCriticalSectionEx(lpCriticalSection, dwSpinCount, 0)
}

@_cdecl("InitializeCriticalSectionEx") @implementation
public func InitializeCriticalSectionEx(
    _ lpCriticalSection: LPCRITICAL_SECTION?, _ dwSpinCount: DWORD, _ Flags: DWORD
) -> BOOL {
    var section = unsafe CRITICAL_SECTION()
    unsafe section.DebugInfo = unsafe PRTL_CRITICAL_SECTION_DEBUG(bitPattern: -1)
    unsafe section.LockCount = -1
    unsafe section.SpinCount = ULONG_PTR(dwSpinCount & SpinCount.mask)
    let target = unsafe CallerMemory.unchecked(lpCriticalSection)
    unsafe target.pointee = unsafe section
    unsafe lock(of: target).store(free)
    return BOOL.success
}

@_cdecl("SetCriticalSectionSpinCount") @implementation
public func SetCriticalSectionSpinCount(
    _ lpCriticalSection: LPCRITICAL_SECTION?, _ dwSpinCount: DWORD
) -> DWORD {
    let old = unsafe CallerMemory.unchecked(lpCriticalSection).pointee.SpinCount
    unsafe CallerMemory.unchecked(lpCriticalSection).pointee.SpinCount = ULONG_PTR(
        dwSpinCount & SpinCount.mask)
    return DWORD(truncatingIfNeeded: old)
}

@_cdecl("EnterCriticalSection") @implementation
public func EnterCriticalSection(_ lpCriticalSection: LPCRITICAL_SECTION?) {
    let section = unsafe CallerMemory.unchecked(lpCriticalSection)
    if unsafe TryEnterCriticalSection(section) != 0 { return }
    let lock = unsafe lock(of: section)
    var spins = unsafe min(section.pointee.SpinCount, SpinCount.most)
    while spins > 0 && lock.value != free {
        spins &-= 1
        Processor.pause()
    }
    while lock.exchange(contended) != free { lock.wait(while: contended) }
    unsafe show(contended, in: section)
    unsafe section.pointee.OwningThread = unsafe ownThread()
    unsafe section.pointee.RecursionCount = 1
}

@_cdecl("TryEnterCriticalSection") @implementation
public func TryEnterCriticalSection(_ lpCriticalSection: LPCRITICAL_SECTION?) -> BOOL {
    let section = unsafe CallerMemory.unchecked(lpCriticalSection)
    let thread = unsafe ownThread()
    if unsafe lock(of: section).replace(free, by: held) {
        unsafe show(held, in: section)
        unsafe section.pointee.OwningThread = unsafe thread
        unsafe section.pointee.RecursionCount = 1
    } else if unsafe section.pointee.OwningThread == thread {
        unsafe section.pointee.RecursionCount &+= 1
    } else {
        return BOOL.failure
    }
    return BOOL.success
}

@_cdecl("LeaveCriticalSection") @implementation
public func LeaveCriticalSection(_ lpCriticalSection: LPCRITICAL_SECTION?) {
    let section = unsafe CallerMemory.unchecked(lpCriticalSection)
    unsafe section.pointee.RecursionCount &-= 1
    if unsafe section.pointee.RecursionCount > 0 { return }
    unsafe section.pointee.OwningThread = nil
    unsafe show(free, in: section)
    let lock = unsafe lock(of: section)
    if lock.exchange(free) == contended { lock.wakeOne() }
}

@_cdecl("DeleteCriticalSection") @implementation
public func DeleteCriticalSection(_ lpCriticalSection: LPCRITICAL_SECTION?) {
    unsafe CallerMemory.unchecked(lpCriticalSection).pointee = unsafe CRITICAL_SECTION()
}
