// Modules: the ELF files mapped in this process. A handle is the address of the first page.

import CWin32
import LinuxKernel

/// Everything can be asked again at any time, so nothing is remembered.
enum Module {
    /// The file that this library is in: its own, or the program's if that was linked with the
    /// archive.
    static func ofThisLibrary() -> LoadedModule? {
        LoadedModule(containing: UInt(bitPattern: unsafe FixedStorage.addressMap))
    }

    /// What `handle` stands for; NULL is the program.
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
