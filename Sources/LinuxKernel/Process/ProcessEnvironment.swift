// The environment variables of the process.

import CLinux

package enum ProcessEnvironment {
    /// The value of the variable `name`; `nil` if there is none. Not safe while another thread calls
    /// setenv(3).
    @inline(__always)
    package static func value(of name: UnsafePointer<CChar>?) -> UnsafePointer<CChar>? {
        unsafe process_environment(name)
    }

    /// Variable number `index`, as NAME=value; `nil` after the last. Not safe while another thread calls
    /// setenv(3).
    @inline(__always)
    package static func entry(at index: Int) -> UnsafePointer<CChar>? {
        unsafe process_environment_entry(index)
    }

    /// Calls setenv(3); replaces an existing value.
    ///
    /// - Throws: `.invalid` for a name that none can have; `.outOfMemory`.
    @inline(__always)
    package static func set(
        _ name: UnsafePointer<CChar>?, to value: UnsafePointer<CChar>?
    ) throws(KernelError) {
        try KernelError.check(unsafe process_set_environment(name, value))
    }

    /// unsetenv(3).
    ///
    /// - Throws: `.invalid` for a name that none can have; `.notFound`.
    @inline(__always)
    package static func remove(_ name: UnsafePointer<CChar>?) throws(KernelError) {
        try KernelError.check(unsafe process_remove_environment(name))
    }
}
