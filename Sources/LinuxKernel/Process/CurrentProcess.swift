// This process.

import CLinux

package enum CurrentProcess {
    @inline(__always)
    package static var identifier: UInt32 { process_identifier() }

    /// Whether a debugger traces the process.
    @inline(__always)
    package static var isTraced: Bool { process_is_traced() != 0 }

    /// Executes a breakpoint instruction.
    @inline(__always)
    package static func stopForDebugger() { machine_break() }

    /// A memory barrier on every processor that runs one of its threads.
    @inline(__always)
    package static func flushWriteBuffers() { process_flush_write_buffers() }

    /// Calls exit(3).
    @inline(__always)
    package static func exit(_ code: UInt32) -> Never { process_exit(code) }
}
