// SetThreadStackGuarantee, _resetstkoflw: recovery from a stack overflow.

import CWin32
import LinuxKernel

@_cdecl("SetThreadStackGuarantee") @implementation
public func SetThreadStackGuarantee(_ StackSizeInBytes: PULONG?) -> BOOL {
    let size = unsafe CallerMemory.unchecked(StackSizeInBytes)
    if unsafe ThreadArea.guarantee(size) { return BOOL.success }
    return fail(DWORD(ERROR_INVALID_PARAMETER), BOOL.failure)
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@_cdecl("_resetstkoflw") @implementation
public func _resetstkoflw() -> Int32 { BlockStack.armGuardAgain() ? 1 : 0 }
