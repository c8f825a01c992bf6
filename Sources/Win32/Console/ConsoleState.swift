// GetConsoleMode and GetConsoleScreenBufferInfo: what a terminal is like.

import AddressSpace
import CWin32
import LinuxKernel

@_cdecl("GetConsoleMode") @implementation
public func GetConsoleMode(_ hConsoleHandle: HANDLE?, _ lpMode: LPDWORD?) -> BOOL {
    let ofInput = ENABLE_PROCESSED_INPUT | ENABLE_LINE_INPUT | ENABLE_ECHO_INPUT
    let ofOutput =
        ENABLE_PROCESSED_OUTPUT | ENABLE_WRAP_AT_EOL_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING
    do throws(MemoryError) {
        let stream = unsafe try StreamHandle.stream(of: hConsoleHandle)
        if !stream.isTerminal { throw .invalidHandle }
        let mode = stream.descriptor == 0 ? ofInput : ofOutput
        unsafe try CallerMemory.store(DWORD(mode), at: lpMode)
        return BOOL.success
    } catch {
        return fail(error, BOOL.failure)
    }
}

@_cdecl("GetConsoleScreenBufferInfo") @implementation
public func GetConsoleScreenBufferInfo(
    _ hConsoleOutput: HANDLE?, _ lpConsoleScreenBufferInfo: PCONSOLE_SCREEN_BUFFER_INFO?
) -> BOOL {
    do throws(MemoryError) {
        let terminal = unsafe try StreamHandle.terminal(of: hConsoleOutput)
        // That of a terminal which does not know its size.
        let window = terminal.window ?? (columns: 80, rows: 25)
        let size = COORD(
            X: SHORT(truncatingIfNeeded: window.columns), Y: SHORT(truncatingIfNeeded: window.rows))
        let info = CONSOLE_SCREEN_BUFFER_INFO(
            dwSize: size, dwCursorPosition: COORD(X: 0, Y: 0),
            wAttributes: WORD(FOREGROUND_RED | FOREGROUND_GREEN | FOREGROUND_BLUE),
            srWindow: SMALL_RECT(Left: 0, Top: 0, Right: size.X &- 1, Bottom: size.Y &- 1),
            dwMaximumWindowSize: size)
        unsafe try CallerMemory.store(info, at: lpConsoleScreenBufferInfo)
        return BOOL.success
    } catch {
        return fail(error, BOOL.failure)
    }
}
