// Walks the loader's list of modules.
#define _GNU_SOURCE
#include "CLinux.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

struct search {
    uintptr_t address; // 0: by index
    uint32_t index;
    uint32_t count;
    struct loaded_module *module;
};

static void describe(const struct dl_phdr_info *info, struct loaded_module *module) {
    uintptr_t first = UINTPTR_MAX, end = 0, header = 0;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        if (segment->p_type != PT_LOAD)
            continue;
        uintptr_t start = info->dlpi_addr + segment->p_vaddr;
        if (start < first)
            first = start;
        if (segment->p_offset == 0)
            header = start;
        if (start + segment->p_memsz > end)
            end = start + segment->p_memsz;
    }
    module->base = PAGE_START(first);
    module->byte_count = PAGE_START(end + PAGE_BYTE_COUNT - 1) - module->base;
    const ElfW(Ehdr) *file = (const ElfW(Ehdr) *)header;
    module->entry = header && file->e_entry ? info->dlpi_addr + file->e_entry : 0;
    module->path = (uintptr_t)(info->dlpi_name ? info->dlpi_name : "");
}

static int visit(struct dl_phdr_info *info, size_t size, void *argument) {
    (void)size;
    struct search *search = argument;
    describe(info, search->module);
    if (search->address == 0)
        return search->count++ == search->index;
    return search->address - search->module->base < search->module->byte_count;
}

int module_containing(uintptr_t address, struct loaded_module *module) {
    struct search search = {address, 0, 0, module};
    return address != 0 && dl_iterate_phdr(visit, &search);
}

int module_at_index(uint32_t index, struct loaded_module *module) {
    struct search search = {0, index, 0, module};
    return dl_iterate_phdr(visit, &search);
}

intptr_t program_path(char *buffer, size_t byte_count) {
    int saved_errno = errno;
    intptr_t count = syscall(SYS_readlinkat, -100, "/proc/self/exe", buffer, byte_count);
    if (count < 0)
        count = -errno;
    errno = saved_errno;
    return count;
}

// dl_iterate_phdr takes a lock, which may be held by a thread that waits for this one.
// _dl_find_object takes no lock; C libraries before 2.35 do not have it.
extern int _dl_find_object(void *address, struct dl_find_object *found) __attribute__((weak));

size_t module_name_at(uintptr_t address, char *name, size_t capacity, uintptr_t *offset) {
    struct dl_find_object found;
    if (!_dl_find_object || _dl_find_object((void *)address, &found) != 0)
        return 0;
    *offset = address - (uintptr_t)found.dlfo_map_start;
    const char *path = found.dlfo_link_map ? found.dlfo_link_map->l_name : "";
    char program[512];
    size_t length = path ? strlen(path) : 0;
    if (length == 0) {
        intptr_t count = program_path(program, sizeof program);
        length = count > 0 ? (size_t)count : 0;
        path = program;
    }
    size_t first = length;
    while (first > 0 && path[first - 1] != '/')
        first--;
    size_t count = length - first < capacity ? length - first : capacity;
    memcpy(name, path + first, count);
    return count;
}
