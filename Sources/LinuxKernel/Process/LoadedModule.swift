// The ELF files mapped in this process.

import CLinux

package enum LoadedModule {
    /// The file name of the module that contains `address`, not terminated, and the distance from its first
    /// page. Signal-safe, takes no lock.
    ///
    /// - Returns: The bytes of the name; zero if there is no such module.
    @inline(__always)
    package static func name(
        at address: UInt, _ name: UnsafeMutableBufferPointer<CChar>, offset: inout UInt
    ) -> Int {
        unsafe module_name_at(address, name.baseAddress, name.count, &offset)
    }
}
