// SetThreadStackGuarantee, _resetstkoflw: life after a stack overflow.

import CLinux
import CWin32

@_cdecl("SetThreadStackGuarantee") @implementation
public func SetThreadStackGuarantee(_ StackSizeInBytes: PULONG?) -> BOOL {
    let size = unsafe CallerMemory.unchecked(StackSizeInBytes)
    if unsafe thread_area_guarantee(size) != 0 { return BOOL.success }
    setLastError(DWORD(ERROR_INVALID_PARAMETER))
    return BOOL.failure
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@_cdecl("_resetstkoflw") @implementation
public func _resetstkoflw() -> Int32 { thread_stack_arm_again() }
