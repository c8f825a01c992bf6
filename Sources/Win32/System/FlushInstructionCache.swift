// FlushInstructionCache (behaviour 5.23).

import AddressSpace
import CWin32
import LinuxKernel

@_cdecl("FlushInstructionCache") @implementation
public func FlushInstructionCache(
    _ hProcess: HANDLE?, _ lpBaseAddress: LPCVOID?, _ dwSize: SIZE_T
) -> BOOL {
    do throws(MemoryError) {
        unsafe try ProcessHandle.require(hProcess)
        Processor.flushInstructions(at: UInt(bitPattern: lpBaseAddress), byteCount: dwSize)
        return BOOL.success
    } catch {
        return fail(error, BOOL.failure)
    }
}

@_cdecl("FlushProcessWriteBuffers") @implementation
public func FlushProcessWriteBuffers() { CurrentProcess.flushWriteBuffers() }
