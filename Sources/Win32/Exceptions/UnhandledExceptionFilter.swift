// SetUnhandledExceptionFilter, UnhandledExceptionFilter, SetErrorMode, GetErrorMode (behaviour 8E).

import CWin32
import Exceptions
import MemoryManager

@_cdecl("SetUnhandledExceptionFilter") @implementation
public func SetUnhandledExceptionFilter(
    _ lpTopLevelExceptionFilter: LPTOP_LEVEL_EXCEPTION_FILTER?
) -> LPTOP_LEVEL_EXCEPTION_FILTER? {
    let filter = unsafe unsafeBitCast(lpTopLevelExceptionFilter, to: UInt.self)
    if filter != 0 { MemoryManager.shared.takeOverSignals() }
    return unsafe unsafeBitCast(
        TopLevelFilter.set(filter), to: LPTOP_LEVEL_EXCEPTION_FILTER?.self)
}

@_cdecl("UnhandledExceptionFilter") @implementation
public func UnhandledExceptionFilter(
    _ ExceptionInfo: UnsafeMutablePointer<EXCEPTION_POINTERS>?
) -> LONG {
    switch unsafe TopLevelFilter.answer(to: ExceptionInfo) {
    case .continueExecution: return LONG(EXCEPTION_CONTINUE_EXECUTION)
    case .executeHandler: return LONG(EXCEPTION_EXECUTE_HANDLER)
    case .continueSearch:
        unsafe CrashReport.print(of: ExceptionInfo)
        return LONG(EXCEPTION_EXECUTE_HANDLER)
    }
}

@_cdecl("SetErrorMode") @implementation
public func SetErrorMode(_ uMode: UINT) -> UINT { ErrorMode.set(uMode) }

@_cdecl("GetErrorMode") @implementation
public func GetErrorMode() -> UINT { ErrorMode.flags }
