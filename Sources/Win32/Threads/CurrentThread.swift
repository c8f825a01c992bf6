// The calling thread: number, stack, processor; and the end of the process.

import CLinux
import CWin32

@_cdecl("GetCurrentThreadId") @implementation
public func GetCurrentThreadId() -> DWORD { win32memory_thread_identifier() }

@_cdecl("GetCurrentThreadStackLimits") @implementation
public func GetCurrentThreadStackLimits(_ LowLimit: PULONG_PTR?, _ HighLimit: PULONG_PTR?) {
    var low: UInt = 0
    var high: UInt = 0
    unsafe thread_stack_limits(&low, &high)
    unsafe CallerMemory.unchecked(LowLimit).pointee = low
    unsafe CallerMemory.unchecked(HighLimit).pointee = high
}

@_cdecl("NtCurrentTeb") @implementation
public func NtCurrentTeb() -> OpaquePointer? { unsafe OpaquePointer(win32memory_thread_block()) }

@_cdecl("SwitchToThread") @implementation
public func SwitchToThread() -> BOOL {
    kernel_yield()
    return BOOL.success
}

@_cdecl("GetCurrentProcessorNumber") @implementation
public func GetCurrentProcessorNumber() -> DWORD { processor_number() & 63 }

@_cdecl("GetCurrentProcessorNumberEx") @implementation
public func GetCurrentProcessorNumberEx(_ ProcNumber: PPROCESSOR_NUMBER?) {
    let number = processor_number()
    unsafe CallerMemory.unchecked(ProcNumber).pointee = PROCESSOR_NUMBER(
        Group: WORD(truncatingIfNeeded: number / 64), Number: BYTE(number & 63), Reserved: 0)
}

@_cdecl("ExitProcess") @implementation
public func ExitProcess(_ uExitCode: UINT) -> Never { process_exit(uExitCode) }
