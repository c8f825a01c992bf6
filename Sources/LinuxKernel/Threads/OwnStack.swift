// The stack of the calling thread.

import CLinux

package enum OwnStack {
    /// True if the bytes lie above the caller's frame, not far from it, on the stack that the kernel or the
    /// C library made for this thread, or on the very page of the frame: then they can be written without
    /// asking the kernel.
    @inline(__always)
    package static func contains(_ address: UInt, _ byteCount: Int) -> Bool {
        win32memory_is_on_own_stack(address, byteCount) != 0
    }

    /// The lowest address to which the stack may grow, and the address behind its highest byte. Signal-safe.
    @inline(__always)
    package static var limits: (low: UInt, high: UInt) {
        var limits: (low: UInt, high: UInt) = (0, 0)
        unsafe thread_stack_limits(&limits.low, &limits.high)
        return limits
    }

    /// Call after protections have changed of pages that may belong to a stack.
    @inline(__always)
    package static func protectionsChanged() { win32memory_stacks_changed() }
}
