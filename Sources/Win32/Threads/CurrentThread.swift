// The calling thread: identifier, stack, processor. Also the end of the process.

import CWin32
import LinuxKernel

@_cdecl("GetCurrentThreadId") @implementation
public func GetCurrentThreadId() -> DWORD { CurrentThread.identifier }

@_cdecl("GetCurrentThreadStackLimits") @implementation
public func GetCurrentThreadStackLimits(_ LowLimit: PULONG_PTR?, _ HighLimit: PULONG_PTR?) {
    let limits = OwnStack.limits
    unsafe CallerMemory.unchecked(LowLimit).pointee = limits.low
    unsafe CallerMemory.unchecked(HighLimit).pointee = limits.high
}

@_cdecl("NtCurrentTeb") @implementation
public func NtCurrentTeb() -> UnsafeMutablePointer<_TEB>? {
    unsafe ThreadStorage.environmentBlock?.assumingMemoryBound(to: _TEB.self)
}

@_cdecl("SwitchToThread") @implementation
public func SwitchToThread() -> BOOL {
    CurrentThread.yield()
    return BOOL.success
}

@_cdecl("GetCurrentProcessorNumber") @implementation
public func GetCurrentProcessorNumber() -> DWORD {
    Processor.currentNumber % NumaTopology.processorsPerGroup
}

@_cdecl("GetCurrentProcessorNumberEx") @implementation
public func GetCurrentProcessorNumberEx(_ ProcNumber: PPROCESSOR_NUMBER?) {
    let number = Processor.currentNumber
    unsafe CallerMemory.unchecked(ProcNumber).pointee = PROCESSOR_NUMBER(
        Group: WORD(truncatingIfNeeded: number / NumaTopology.processorsPerGroup),
        Number: BYTE(number % NumaTopology.processorsPerGroup), Reserved: 0)
}

@_cdecl("ExitProcess") @implementation
public func ExitProcess(_ uExitCode: UINT) -> Never { CurrentProcess.exit(uExitCode) }
