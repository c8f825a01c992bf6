// Standard error, to which the library writes its complaints.

import CLinux

package enum StandardError {
    /// Writes one line. Signal-safe.
    @inline(__always)
    package static func write(_ line: UnsafePointer<CChar>?, byteCount: Int) {
        unsafe kernel_complain(line, byteCount)
    }
}
