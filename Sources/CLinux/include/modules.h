// The ELF files mapped in this process, and this library's own functions by name.
#ifndef WIN32MEMORY_MODULES_H
#define WIN32MEMORY_MODULES_H

#include <stddef.h>
#include <stdint.h>

/// One loaded ELF file.
struct loaded_module {
    uintptr_t base;    ///< first page
    size_t byte_count; ///< from the first page to the end of the last segment
    uintptr_t entry;   ///< zero if it has none
    uintptr_t
        path; ///< address of a C string, which lives as long as the module; empty for the program
};

/// The module that contains `address`. Returns 1, or 0 if there is none.
int module_containing(uintptr_t address, struct loaded_module *module);

/// Module number `index` in the order of loading, the program first. Returns 1, or 0 past the last.
int module_at_index(uint32_t index, struct loaded_module *module);

/// The path of the program. Returns its bytes, not terminated, or a negated errno.
intptr_t program_path(char *buffer, size_t byte_count);

/// The file name of the module that contains `address`, not terminated, and the distance from the
/// module's first page. Returns the bytes, or 0 if there is none. Signal-safe, takes no lock.
size_t module_name_at(uintptr_t address, char *name, size_t capacity, uintptr_t *offset);

/// Address of the exported function of this name, or zero. Searches first for the name followed by
/// `suffix`, unless that is empty.
uintptr_t exported_function(const char *name, const char *suffix);

#endif
