// Random bytes from the kernel (getrandom(2)).

import CLinux

package enum RandomBytes {
    /// - Returns: False if the kernel provides none.
    @inline(__always)
    package static func fill(_ buffer: UnsafeMutableRawPointer, byteCount: Int) -> Bool {
        unsafe kernel_random(buffer, byteCount) == 0
    }
}
