// FlushInstructionCache (behaviour 5.23).

import AddressSpace
import CLinux
import CWin32

@_cdecl("FlushInstructionCache") @implementation
public func FlushInstructionCache(
    _ hProcess: HANDLE?, _ lpBaseAddress: LPCVOID?, _ dwSize: SIZE_T
) -> BOOL {
    do throws(MemoryError) {
        unsafe try ProcessHandle.require(hProcess)
        processor_flush_instructions(UInt(bitPattern: lpBaseAddress), UInt64(dwSize))
        return BOOL.success
    } catch {
        return fail(error, BOOL.failure)
    }
}

@_cdecl("FlushProcessWriteBuffers") @implementation
public func FlushProcessWriteBuffers() { process_flush_write_buffers() }
