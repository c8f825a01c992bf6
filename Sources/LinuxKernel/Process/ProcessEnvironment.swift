// The environment variables of the process.

import CLinux

package enum ProcessEnvironment {
    /// The value of the variable `name`; `nil` if there is none. Not safe beside a setenv(3) in another
    /// thread.
    @inline(__always)
    package static func value(of name: UnsafePointer<CChar>?) -> UnsafePointer<CChar>? {
        unsafe process_environment(name)
    }
}
