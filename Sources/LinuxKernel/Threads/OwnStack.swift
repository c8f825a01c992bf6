// The stack of the calling thread.

import CLinux

package enum OwnStack {
    /// True if the bytes lie above the caller's frame, not far from it, on the stack that the kernel or the
    /// C library made for this thread, or on the very page of the frame: then they can be written without
    /// asking.
    @inline(__always)
    package static func contains(_ address: UInt, _ byteCount: Int) -> Bool {
        win32memory_is_on_own_stack(address, byteCount) != 0
    }

    /// The lowest address that it may grow to, and the one behind it. Signal-safe.
    @inline(__always)
    package static var limits: (low: UInt, high: UInt) {
        var limits: (low: UInt, high: UInt) = (0, 0)
        unsafe thread_stack_limits(&limits.low, &limits.high)
        return limits
    }

    /// To be called when protections have changed that may be those of a stack.
    @inline(__always)
    package static func protectionsChanged() { win32memory_stacks_changed() }
}
