// The arguments in a va_list, which Swift cannot hold.

import CLinux

package struct ArgumentList {
    private var list = message_list()

    /// An empty list.
    @inline(__always)
    package init() {}

    /// Copies the va_list at `list` with its remaining arguments. The caller's list does not advance.
    @inline(__always)
    package init(copying list: UnsafeMutableRawPointer) {
        self.list = unsafe message_list_copy(list)
    }

    /// The next argument: an integer, whose upper half may be undefined, or a pointer.
    ///
    /// - Precondition: There is one.
    @inline(__always)
    package mutating func next() -> UInt64 { unsafe message_list_next(&list) }
}
