// The frames of __try.

import CLinux

package enum TryFrames {
    /// Asks the filters of the frames on the stack that the exception came from, innermost first. Does not
    /// return if one handles it.
    ///
    /// - Parameters:
    ///   - pointers: EXCEPTION_POINTERS.
    ///   - machine: The ucontext_t of the signal handler that this runs in; `nil` outside signal handlers.
    /// - Returns: Whether a filter wants execution to continue.
    @inline(__always)
    package static func offer(
        _ pointers: UnsafeMutableRawPointer, _ machine: UnsafeRawPointer?
    ) -> Bool {
        unsafe seh_offer(pointers, machine) != 0
    }
}
