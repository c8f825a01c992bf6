// Sleep and SleepEx.

import CLinux
import CWin32

@_cdecl("Sleep") @implementation
public func Sleep(_ dwMilliseconds: DWORD) {
    if dwMilliseconds == 0 {
        kernel_yield()
    } else {
        thread_sleep_until(Deadline.after(dwMilliseconds))
    }
}

@_cdecl("SleepEx") @implementation
public func SleepEx(_ dwMilliseconds: DWORD, _ bAlertable: BOOL) -> DWORD {
    Sleep(dwMilliseconds)
    return 0
}
