// The stack of the calling thread.

import CLinux

package enum OwnStack {
    /// To be called when protections have changed that may be those of a stack.
    @inline(__always)
    package static func protectionsChanged() { win32memory_stacks_changed() }
}
