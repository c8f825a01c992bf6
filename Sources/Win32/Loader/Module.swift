// Modules: the ELF files mapped in this process. A handle is the address of the first page.

import CLinux
import CWin32

/// Everything can be asked again at any time, so nothing is remembered.
enum Module {
    /// The module that contains `address`.
    static func containing(_ address: UInt) -> loaded_module? {
        var module = loaded_module()
        return unsafe module_containing(address, &module) != 0 ? module : nil
    }

    /// Module number `index` in the order of loading; 0 is the program.
    static func at(_ index: UInt32) -> loaded_module? {
        var module = loaded_module()
        return unsafe module_at_index(index, &module) != 0 ? module : nil
    }

    /// The file that this library is in: its own, or the program's if that was linked with the
    /// archive.
    static func ofThisLibrary() -> loaded_module? {
        containing(UInt(bitPattern: unsafe win32memory_map_words()))
    }

    /// What `handle` stands for; NULL is the program.
    static func named(by handle: HMODULE?) -> loaded_module? {
        let base = UInt(bitPattern: handle)
        if base == 0 { return at(0) }
        guard let module = containing(base), module.base == base else { return nil }
        return module
    }

    static func handle(of module: loaded_module?) -> HMODULE? {
        unsafe HMODULE(bitPattern: module?.base ?? 0)
    }
}
