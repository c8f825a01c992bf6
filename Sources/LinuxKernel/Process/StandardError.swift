// Standard error, where the library complains.

import CLinux

package enum StandardError {
    /// Writes one line. Signal-safe.
    @inline(__always)
    package static func write(_ line: UnsafePointer<CChar>?, byteCount: Int) {
        unsafe kernel_complain(line, byteCount)
    }
}
