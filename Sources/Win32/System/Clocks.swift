// Ticks, the high-resolution clock, and the time of day.

import AddressSpace
import CWin32
import LinuxKernel

/// The unit of FILETIME, and of the performance counter here.
private enum Tick {
    static let nanoseconds: Int64 = 100
    /// From 1601 to 1970 are 369 years with 89 leap days.
    static let from1601To1970 = (369 * 365 + 89) * 86_400 * (KernelClock.second / nanoseconds)
}

@_cdecl("GetTickCount64") @implementation
public func GetTickCount64() -> ULONGLONG {
    ULONGLONG(KernelClock.sinceBoot / KernelClock.millisecond)
}

@_cdecl("GetTickCount") @implementation
public func GetTickCount() -> DWORD { DWORD(truncatingIfNeeded: GetTickCount64()) }

@_cdecl("QueryPerformanceCounter") @implementation
public func QueryPerformanceCounter(_ lpPerformanceCount: UnsafeMutablePointer<LARGE_INTEGER>?)
    -> BOOL
{
    unsafe store(KernelClock.monotonic / Tick.nanoseconds, lpPerformanceCount)
}

@_cdecl("QueryPerformanceFrequency") @implementation
public func QueryPerformanceFrequency(_ lpFrequency: UnsafeMutablePointer<LARGE_INTEGER>?) -> BOOL {
    unsafe store(KernelClock.second / Tick.nanoseconds, lpFrequency)
}

private func store(_ value: Int64, _ target: UnsafeMutablePointer<LARGE_INTEGER>?) -> BOOL {
    guard let target = unsafe target else { return fail(.noAccess, BOOL.failure) }
    unsafe UnsafeMutableRawPointer(target).storeBytes(of: value, as: Int64.self)
    return BOOL.success
}

@_cdecl("GetSystemTimeAsFileTime") @implementation
public func GetSystemTimeAsFileTime(_ lpSystemTimeAsFileTime: LPFILETIME?) {
    let time = UInt64(KernelClock.ofDay / Tick.nanoseconds &+ Tick.from1601To1970)
    unsafe CallerMemory.unchecked(lpSystemTimeAsFileTime).pointee = FILETIME(
        dwLowDateTime: DWORD(truncatingIfNeeded: time),
        dwHighDateTime: DWORD(truncatingIfNeeded: time &>> 32))
}
