// Sleep and SleepEx.

import CWin32
import LinuxKernel

@_cdecl("Sleep") @implementation
public func Sleep(_ dwMilliseconds: DWORD) {
    if dwMilliseconds == 0 {
        CurrentThread.yield()
    } else {
        CurrentThread.sleep(until: Deadline.after(dwMilliseconds))
    }
}

@_cdecl("SleepEx") @implementation
public func SleepEx(_ dwMilliseconds: DWORD, _ bAlertable: BOOL) -> DWORD {
    Sleep(dwMilliseconds)
    return 0
}
