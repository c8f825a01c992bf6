// AddVectoredExceptionHandler, AddVectoredContinueHandler and their Remove partners (behaviour 8D).

import CWin32
import Exceptions
import MemoryManager

@_cdecl("AddVectoredExceptionHandler") @implementation
public func AddVectoredExceptionHandler(
    _ First: ULONG, _ Handler: PVECTORED_EXCEPTION_HANDLER?
) -> PVOID? {
    unsafe add(Handler, .exception, first: First)
}

@_cdecl("AddVectoredContinueHandler") @implementation
public func AddVectoredContinueHandler(
    _ First: ULONG, _ Handler: PVECTORED_EXCEPTION_HANDLER?
) -> PVOID? {
    unsafe add(Handler, .continue, first: First)
}

@_cdecl("RemoveVectoredExceptionHandler") @implementation
public func RemoveVectoredExceptionHandler(_ Handle: PVOID?) -> ULONG {
    HandlerList.remove(UInt(bitPattern: Handle), .exception) ? 1 : 0
}

@_cdecl("RemoveVectoredContinueHandler") @implementation
public func RemoveVectoredContinueHandler(_ Handle: PVOID?) -> ULONG {
    HandlerList.remove(UInt(bitPattern: Handle), .continue) ? 1 : 0
}

@_cdecl("RtlAddVectoredExceptionHandler") @implementation
public func RtlAddVectoredExceptionHandler(
    _ First: ULONG, _ Handler: PVECTORED_EXCEPTION_HANDLER?
) -> PVOID? {
    unsafe add(Handler, .exception, first: First)
}

@_cdecl("RtlAddVectoredContinueHandler") @implementation
public func RtlAddVectoredContinueHandler(
    _ First: ULONG, _ Handler: PVECTORED_EXCEPTION_HANDLER?
) -> PVOID? {
    unsafe add(Handler, .continue, first: First)
}

@_cdecl("RtlRemoveVectoredExceptionHandler") @implementation
public func RtlRemoveVectoredExceptionHandler(_ Handle: PVOID?) -> ULONG {
    HandlerList.remove(UInt(bitPattern: Handle), .exception) ? 1 : 0
}

@_cdecl("RtlRemoveVectoredContinueHandler") @implementation
public func RtlRemoveVectoredContinueHandler(_ Handle: PVOID?) -> ULONG {
    HandlerList.remove(UInt(bitPattern: Handle), .continue) ? 1 : 0
}

private func add(
    _ handler: PVECTORED_EXCEPTION_HANDLER?, _ kind: HandlerKind, first: ULONG
) -> PVOID? {
    let function = unsafe unsafeBitCast(handler, to: UInt.self)
    if function == 0 {
        return unsafe fail(DWORD(ERROR_INVALID_PARAMETER), nil)
    }
    MemoryManager.shared.takeOverSignals()
    guard let handle = HandlerList.add(function, kind, at: first != 0 ? .head : .tail) else {
        return unsafe fail(DWORD(ERROR_NOT_ENOUGH_MEMORY), nil)
    }
    return unsafe PVOID(bitPattern: handle)
}
