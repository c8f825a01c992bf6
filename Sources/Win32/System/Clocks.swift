// Ticks, the high-resolution clock, and the time of day.

import AddressSpace
import CWin32
import LinuxKernel

@_cdecl("GetTickCount64") @implementation
public func GetTickCount64() -> ULONGLONG { ULONGLONG(KernelClock.sinceBoot / 1_000_000) }

@_cdecl("GetTickCount") @implementation
public func GetTickCount() -> DWORD { DWORD(truncatingIfNeeded: GetTickCount64()) }

@_cdecl("QueryPerformanceCounter") @implementation
public func QueryPerformanceCounter(_ lpPerformanceCount: UnsafeMutablePointer<LARGE_INTEGER>?)
    -> BOOL
{
    unsafe store(KernelClock.monotonic / 100, lpPerformanceCount)
}

@_cdecl("QueryPerformanceFrequency") @implementation
public func QueryPerformanceFrequency(_ lpFrequency: UnsafeMutablePointer<LARGE_INTEGER>?) -> BOOL {
    unsafe store(10_000_000, lpFrequency)
}

private func store(_ value: Int64, _ target: UnsafeMutablePointer<LARGE_INTEGER>?) -> BOOL {
    guard let target = unsafe target else { return fail(.noAccess, BOOL.failure) }
    unsafe UnsafeMutableRawPointer(target).storeBytes(of: value, as: Int64.self)
    return BOOL.success
}

@_cdecl("GetSystemTimeAsFileTime") @implementation
public func GetSystemTimeAsFileTime(_ lpSystemTimeAsFileTime: LPFILETIME?) {
    // Between 1601 and 1970 lie 369 years with 89 leap days.
    let time = UInt64(KernelClock.ofDay / 100 &+ 116_444_736_000_000_000)
    unsafe CallerMemory.unchecked(lpSystemTimeAsFileTime).pointee = FILETIME(
        dwLowDateTime: DWORD(truncatingIfNeeded: time),
        dwHighDateTime: DWORD(truncatingIfNeeded: time &>> 32))
}
