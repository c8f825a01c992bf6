// SetProcessWorkingSetSize, GetProcessWorkingSetSize, EmptyWorkingSet (behaviour A12.1 to A12.4). The sizes are
// recorded and reported; the minimum also raises the limit on locked memory (12.3).

import AddressSpace
import CWin32
import LinuxKernel
import Synchronization

@_cdecl("SetProcessWorkingSetSize") @implementation
public func SetProcessWorkingSetSize(
    _ hProcess: HANDLE?, _ dwMinimumWorkingSetSize: SIZE_T, _ dwMaximumWorkingSetSize: SIZE_T
) -> BOOL {
    unsafe SetProcessWorkingSetSizeEx(
        hProcess, dwMinimumWorkingSetSize, dwMaximumWorkingSetSize, 0)
}

@_cdecl("SetProcessWorkingSetSizeEx") @implementation
public func SetProcessWorkingSetSizeEx(
    _ hProcess: HANDLE?, _ dwMinimumWorkingSetSize: SIZE_T, _ dwMaximumWorkingSetSize: SIZE_T,
    _ Flags: DWORD
) -> BOOL {
    do throws(MemoryError) {
        try WorkingSetLimits.require(Flags)
        let isEmptying = dwMinimumWorkingSetSize == .max && dwMaximumWorkingSetSize == .max
        var limits = WorkingSetLimits.current
        if !isEmptying { try limits.set(dwMinimumWorkingSetSize, dwMaximumWorkingSetSize) }
        unsafe try ProcessHandle.require(hProcess, DWORD(PROCESS_SET_QUOTA))
        if isEmptying {
            ProcessMemory.pageOut()
            return BOOL.success
        }
        limits.apply(Flags)
        WorkingSetLimits.store(limits)
        ProcessMemory.raiseLockLimit(to: UInt64(limits.minimum))
        return BOOL.success
    } catch {
        return fail(error, BOOL.failure)
    }
}

@_cdecl("GetProcessWorkingSetSize") @implementation
public func GetProcessWorkingSetSize(
    _ hProcess: HANDLE?, _ lpMinimumWorkingSetSize: PSIZE_T?, _ lpMaximumWorkingSetSize: PSIZE_T?
) -> BOOL {
    var flags: DWORD = 0
    return unsafe GetProcessWorkingSetSizeEx(
        hProcess, lpMinimumWorkingSetSize, lpMaximumWorkingSetSize, &flags)
}

@_cdecl("GetProcessWorkingSetSizeEx") @implementation
public func GetProcessWorkingSetSizeEx(
    _ hProcess: HANDLE?, _ lpMinimumWorkingSetSize: PSIZE_T?, _ lpMaximumWorkingSetSize: PSIZE_T?,
    _ Flags: PDWORD?
) -> BOOL {
    do throws(MemoryError) {
        unsafe try ProcessHandle.require(hProcess, ProcessHandle.query)
        unsafe try CallerMemory.requireWritable(lpMinimumWorkingSetSize, byteCount: 8)
        unsafe try CallerMemory.requireWritable(lpMaximumWorkingSetSize, byteCount: 8)
        unsafe try CallerMemory.requireWritable(Flags, byteCount: 4)
        let limits = WorkingSetLimits.current
        unsafe CallerMemory.leave(limits.minimum, at: lpMinimumWorkingSetSize)
        unsafe CallerMemory.leave(limits.maximum, at: lpMaximumWorkingSetSize)
        unsafe CallerMemory.leave(limits.flags, at: Flags)
        return BOOL.success
    } catch {
        return fail(error, BOOL.failure)
    }
}

@_cdecl("EmptyWorkingSet") @implementation
public func EmptyWorkingSet(_ hProcess: HANDLE?) -> BOOL {
    do throws(MemoryError) {
        unsafe try ProcessHandle.require(hProcess, ProcessHandle.query)
        unsafe try ProcessHandle.require(hProcess, DWORD(PROCESS_SET_QUOTA))
        ProcessMemory.pageOut()
        return BOOL.success
    } catch {
        return fail(error, BOOL.failure)
    }
}

@_cdecl("K32EmptyWorkingSet") @implementation
public func K32EmptyWorkingSet(_ hProcess: HANDLE?) -> BOOL { unsafe EmptyWorkingSet(hProcess) }

/// The sizes of the working set, in bytes, and whether they are enforced.
private struct WorkingSetLimits {
    var minimum: UInt = 50 &* Page.byteCount
    var maximum: UInt = 345 &* Page.byteCount
    var flags = DWORD(QUOTA_LIMITS_HARDWS_MIN_DISABLE | QUOTA_LIMITS_HARDWS_MAX_DISABLE)

    private static let leastMinimum = 20 &* Page.byteCount
    private static let leastMaximum = 13 &* Page.byteCount
    private static let minimumFlags = DWORD(
        QUOTA_LIMITS_HARDWS_MIN_ENABLE | QUOTA_LIMITS_HARDWS_MIN_DISABLE)
    private static let maximumFlags = DWORD(
        QUOTA_LIMITS_HARDWS_MAX_ENABLE | QUOTA_LIMITS_HARDWS_MAX_DISABLE)

    private static var words: UnsafeMutablePointer<Atomic<UInt64>> {
        unsafe FixedStorage.workingSet.assumingMemoryBound(to: Atomic<UInt64>.self)
    }

    static var current: WorkingSetLimits {
        var limits = WorkingSetLimits()
        let flags = unsafe words[2].load(ordering: .acquiring)
        if flags == 0 { return limits }
        limits.minimum = unsafe UInt(words[0].load(ordering: .relaxed))
        limits.maximum = unsafe UInt(words[1].load(ordering: .relaxed))
        limits.flags = DWORD(truncatingIfNeeded: flags)
        return limits
    }

    /// Two calls at the same time may leave the minimum of one and the maximum of the other.
    static func store(_ limits: WorkingSetLimits) {
        unsafe words[0].store(UInt64(limits.minimum), ordering: .relaxed)
        unsafe words[1].store(UInt64(limits.maximum), ordering: .relaxed)
        unsafe words[2].store(UInt64(limits.flags), ordering: .releasing)
    }

    /// - Throws: `.invalidParameter` for unknown flags and for both of a pair (A12.2).
    static func require(_ flags: DWORD) throws(MemoryError) {
        if flags & ~(minimumFlags | maximumFlags) != 0 || flags & minimumFlags == minimumFlags
            || flags & maximumFlags == maximumFlags
        {
            throw .invalidParameter
        }
    }

    /// - Throws: `.invalidParameter` (A12.3).
    mutating func set(_ minimum: UInt, _ maximum: UInt) throws(MemoryError) {
        if minimum == 0 || minimum > maximum || maximum < WorkingSetLimits.leastMaximum
            || maximum > Page.endOfApplicationSpace
        {
            throw .invalidParameter
        }
        let pageMask = Page.byteCount &- 1
        self.minimum = max((minimum &+ pageMask) & ~pageMask, WorkingSetLimits.leastMinimum)
        self.maximum = max((maximum &+ pageMask) & ~pageMask, self.minimum)
    }

    /// Flags that are not named stay.
    mutating func apply(_ new: DWORD) {
        if new & WorkingSetLimits.minimumFlags != 0 { flags &= ~WorkingSetLimits.minimumFlags }
        if new & WorkingSetLimits.maximumFlags != 0 { flags &= ~WorkingSetLimits.maximumFlags }
        flags |= new
    }
}
