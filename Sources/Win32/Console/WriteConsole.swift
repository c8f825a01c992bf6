// WriteConsole.

import AddressSpace
import CWin32
import LinuxKernel

@_cdecl("WriteConsoleA") @implementation
public func WriteConsoleA(
    _ hConsoleOutput: HANDLE?, _ lpBuffer: UnsafeRawPointer?, _ nNumberOfCharsToWrite: DWORD,
    _ lpNumberOfCharsWritten: LPDWORD?, _ lpReserved: LPVOID?
) -> BOOL {
    do throws(MemoryError) {
        let terminal = unsafe try StreamHandle.terminal(of: hConsoleOutput)
        if let written = unsafe lpNumberOfCharsWritten {
            unsafe try CallerMemory.store(0, at: written)
        }
        return unsafe terminal.write(lpBuffer, Int(nNumberOfCharsToWrite), lpNumberOfCharsWritten)
    } catch {
        return fail(error, BOOL.failure)
    }
}

@_cdecl("WriteConsoleW") @implementation
public func WriteConsoleW(
    _ hConsoleOutput: HANDLE?, _ lpBuffer: UnsafeRawPointer?, _ nNumberOfCharsToWrite: DWORD,
    _ lpNumberOfCharsWritten: LPDWORD?, _ lpReserved: LPVOID?
) -> BOOL {
    unsafe write(hConsoleOutput, lpBuffer, .four, nNumberOfCharsToWrite, lpNumberOfCharsWritten)
}

@_cdecl("WriteConsoleW_utf16")
public func WriteConsoleW_utf16(
    _ hConsoleOutput: HANDLE?, _ lpBuffer: UnsafeRawPointer?, _ nNumberOfCharsToWrite: DWORD,
    _ lpNumberOfCharsWritten: LPDWORD?, _ lpReserved: LPVOID?
) -> BOOL {
    unsafe write(hConsoleOutput, lpBuffer, .two, nNumberOfCharsToWrite, lpNumberOfCharsWritten)
}

private func write(
    _ handle: HANDLE?, _ source: UnsafeRawPointer?, _ width: CharacterWidth, _ size: DWORD,
    _ target: LPDWORD?
) -> BOOL {
    do throws(MemoryError) {
        let terminal = unsafe try StreamHandle.terminal(of: handle)
        if let target = unsafe target { unsafe try CallerMemory.store(0, at: target) }
        let count = Int(size)
        if count == 0 { return BOOL.success }
        unsafe try CallerMemory.requireReadable(source, byteCount: count &* width.rawValue)
        guard let text = unsafe CharacterText(source, width) else { throw .noAccess }
        var written = 0
        var result = BOOL.success
        do throws(KernelError) {
            try terminal.write(text, count: count, written: &written)
        } catch {
            result = fail(error.codeOfWriting, BOOL.failure)
        }
        if let target = unsafe target { unsafe CallerMemory.leave(DWORD(written), at: target) }
        return result
    } catch {
        return fail(error, BOOL.failure)
    }
}
