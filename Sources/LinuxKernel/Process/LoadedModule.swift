// The ELF files mapped in this process.

import CLinux

package struct LoadedModule {
    /// The address of its first page.
    package let base: UInt
    /// From the first page to the end of the last segment.
    package let byteCount: Int
    /// Its entry point; zero if it has none.
    package let entry: UInt
    /// The address of a C string, which lives as long as the module; empty for the program.
    package let path: UInt

    private init(_ module: loaded_module) {
        base = module.base
        byteCount = module.byte_count
        entry = module.entry
        path = module.path
    }

    /// The module that contains `address`.
    package init?(containing address: UInt) {
        var module = loaded_module()
        if unsafe module_containing(address, &module) == 0 { return nil }
        self.init(module)
    }

    /// Module number `index` in the order of loading; 0 is the program.
    package init?(at index: UInt32) {
        var module = loaded_module()
        if unsafe module_at_index(index, &module) == 0 { return nil }
        self.init(module)
    }
}

extension LoadedModule {
    /// The file name of the module that contains `address`, not terminated, and the distance from its first
    /// page. Signal-safe, takes no lock.
    ///
    /// - Returns: The length of the name in bytes; zero if there is no such module.
    @inline(__always)
    package static func name(
        at address: UInt, _ name: UnsafeMutableBufferPointer<CChar>, offset: inout UInt
    ) -> Int {
        unsafe module_name_at(address, name.baseAddress, name.count, &offset)
    }

    /// The path of the program, not terminated.
    ///
    /// - Returns: Its length in bytes; zero or less if the kernel does not say.
    @inline(__always)
    package static func programPath(_ buffer: UnsafeMutableBufferPointer<CChar>) -> Int {
        unsafe program_path(buffer.baseAddress, buffer.count)
    }

    /// The exported function `name` of this library. Searches first for the name followed by `suffix`.
    ///
    /// - Returns: Its address, or zero.
    @inline(__always)
    package static func exportedFunction(
        _ name: UnsafePointer<CChar>?, suffix: UnsafePointer<CChar>
    ) -> UInt {
        unsafe exported_function(name, suffix)
    }
}
