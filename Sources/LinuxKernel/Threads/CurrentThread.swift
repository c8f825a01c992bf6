// The calling thread: its identifier, its own storage, and giving up the processor.

import CLinux

package enum CurrentThread {
    /// The kernel's identifier of the thread, remembered after the first call. Signal-safe.
    @inline(__always)
    package static var identifier: UInt32 { win32memory_thread_identifier() }

    /// Called in the child of a fork, whose thread has a new identifier: `identifier` then asks the kernel
    /// again.
    @inline(__always)
    package static func forgetIdentifier() { win32memory_forget_thread_identifier() }

    /// The value of GetLastError.
    @inline(__always)
    package static var lastError: UInt32 {
        get { unsafe win32memory_last_error().pointee }
        set { unsafe win32memory_last_error().pointee = newValue }
    }

    /// Lets other threads run.
    @inline(__always)
    package static func yield() { kernel_yield() }

    /// Sleeps until `KernelClock.monotonic` says `deadline`.
    @inline(__always)
    package static func sleep(until deadline: Int64) { thread_sleep_until(deadline) }
}
