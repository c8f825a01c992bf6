// An open descriptor of the process.

import CLinux

package struct Stream {
    package enum Kind {
        case closed, file, device, pipe, other
    }

    package let descriptor: Int32

    package init(descriptor: Int32) { self.descriptor = descriptor }

    package var kind: Kind {
        switch stream_kind(descriptor) {
        case Int32(STREAM_CLOSED): .closed
        case Int32(STREAM_FILE): .file
        case Int32(STREAM_DEVICE): .device
        case Int32(STREAM_PIPE): .pipe
        default: .other
        }
    }

    @inline(__always)
    package var isTerminal: Bool { stream_is_terminal(descriptor) != 0 }

    /// The size of the terminal's window in characters; `nil` if it is not known.
    package var window: (columns: UInt16, rows: UInt16)? {
        var window: (columns: UInt16, rows: UInt16) = (0, 0)
        return unsafe stream_window(descriptor, &window.columns, &window.rows) != 0 ? window : nil
    }

    /// Writes all bytes. `written` receives the number of bytes written, also if the call fails.
    @inline(__always)
    package func write(
        _ bytes: UnsafeRawPointer?, byteCount: Int, written: inout Int
    ) throws(KernelError) {
        try KernelError.check(unsafe stream_write(descriptor, bytes, byteCount, &written))
    }
}
