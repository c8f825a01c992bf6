// Arguments that a C function was called with in a va_list, which Swift cannot hold.

import CLinux

package struct ArgumentList {
    private var list = message_list()

    /// Of no arguments.
    @inline(__always)
    package init() {}

    /// Of those that the va_list at `list` still has. The caller's stays where it is.
    @inline(__always)
    package init(copying list: UnsafeMutableRawPointer) {
        self.list = unsafe message_list_copy(list)
    }

    /// The next one: an integer, of which the upper half may be anything, or a pointer.
    ///
    /// - Precondition: There is one.
    @inline(__always)
    package mutating func next() -> UInt64 { unsafe message_list_next(&list) }
}
