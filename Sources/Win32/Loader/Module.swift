// Modules: the ELF files mapped in this process. A handle is the address of the first page.

import CWin32
import LinuxKernel

/// A module. Nothing is cached, because the loader can be asked again at any time.
enum Module {
    /// The file that contains this library: the shared library, or the program if it is linked with the
    /// archive.
    static func ofThisLibrary() -> LoadedModule? {
        LoadedModule(containing: UInt(bitPattern: unsafe FixedStorage.addressMap))
    }

    /// The module of `handle`; NULL is the program.
    static func named(by handle: HMODULE?) -> LoadedModule? {
        let base = UInt(bitPattern: handle)
        if base == 0 { return LoadedModule(at: 0) }
        guard let module = LoadedModule(containing: base), module.base == base else { return nil }
        return module
    }

    static func handle(of module: LoadedModule?) -> HMODULE? {
        unsafe HMODULE(bitPattern: module?.base ?? 0)
    }
}
