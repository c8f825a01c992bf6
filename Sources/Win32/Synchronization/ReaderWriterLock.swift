// SRWLOCK: the lock is in the four aligned of its eight bytes, because it may be at any address.

import CWin32
import LinuxKernel

/// Bits of the word: an exclusive holder, or the number of shared holders; and whether a thread waits, which
/// keeps new threads from sharing.
struct ReaderWriterLock {
    private static let exclusive: UInt32 = 1 << 31
    private static let waiting: UInt32 = 1 << 30
    private static let spinCount = 60

    private let futex: WaitableWord

    init(_ lock: PSRWLOCK?) {
        futex = unsafe WaitableWord(within: UnsafeMutableRawPointer(CallerMemory.unchecked(lock)))
    }

    func tryExclusive() -> Bool {
        let state = futex.value
        return state & ~ReaderWriterLock.waiting == 0
            && futex.replace(state, by: state | ReaderWriterLock.exclusive)
    }

    func tryShared() -> Bool {
        while true {
            let state = futex.value
            if state & (ReaderWriterLock.exclusive | ReaderWriterLock.waiting) != 0 { return false }
            if futex.replace(state, by: state &+ 1) { return true }
        }
    }

    func acquireExclusive() { acquire { tryExclusive() } }
    func acquireShared() { acquire { tryShared() } }

    @inline(never)
    private func acquire(_ attempt: () -> Bool) {
        var spins = 0
        while !attempt() {
            if spins < ReaderWriterLock.spinCount {
                spins &+= 1
                Processor.pause()
                continue
            }
            let state = futex.value
            let isHeld = state & ~ReaderWriterLock.waiting != 0
            if !isHeld {
                // The waiting bit is left over, and no holder is there to clear it. The thread that set it is
                // about to try again, or has taken the lock.
                if state != 0 && futex.replace(state, by: 0) { futex.wakeAll() }
            } else if state & ReaderWriterLock.waiting != 0
                || futex.replace(state, by: state | ReaderWriterLock.waiting)
            {
                futex.wait(while: state | ReaderWriterLock.waiting)
            }
        }
    }

    func releaseExclusive() {
        if futex.exchange(0) & ReaderWriterLock.waiting != 0 { futex.wakeAll() }
    }

    func releaseShared() {
        let state = futex.add(UInt32.max)
        if state == ReaderWriterLock.waiting && futex.replace(state, by: 0) { futex.wakeAll() }
    }
}

@_cdecl("InitializeSRWLock") @implementation
public func InitializeSRWLock(_ SRWLock: PSRWLOCK?) {
    unsafe CallerMemory.unchecked(SRWLock).pointee.Ptr = nil
}

@_cdecl("AcquireSRWLockExclusive") @implementation
public func AcquireSRWLockExclusive(_ SRWLock: PSRWLOCK?) {
    unsafe ReaderWriterLock(SRWLock).acquireExclusive()
}

@_cdecl("AcquireSRWLockShared") @implementation
public func AcquireSRWLockShared(_ SRWLock: PSRWLOCK?) {
    unsafe ReaderWriterLock(SRWLock).acquireShared()
}

@_cdecl("ReleaseSRWLockExclusive") @implementation
public func ReleaseSRWLockExclusive(_ SRWLock: PSRWLOCK?) {
    unsafe ReaderWriterLock(SRWLock).releaseExclusive()
}

@_cdecl("ReleaseSRWLockShared") @implementation
public func ReleaseSRWLockShared(_ SRWLock: PSRWLOCK?) {
    unsafe ReaderWriterLock(SRWLock).releaseShared()
}

@_cdecl("TryAcquireSRWLockExclusive") @implementation
public func TryAcquireSRWLockExclusive(_ SRWLock: PSRWLOCK?) -> BOOLEAN {
    unsafe ReaderWriterLock(SRWLock).tryExclusive() ? 1 : 0
}

@_cdecl("TryAcquireSRWLockShared") @implementation
public func TryAcquireSRWLockShared(_ SRWLock: PSRWLOCK?) -> BOOLEAN {
    unsafe ReaderWriterLock(SRWLock).tryShared() ? 1 : 0
}
