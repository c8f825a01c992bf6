// Finds mappings by trying pages, if the kernel's list of mappings cannot be read.
#define _GNU_SOURCE
#include "CLinux.h"

#include <elf.h>
#include <link.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>

// User space ends here.
#define END_OF_USER_SPACE ((uintptr_t)0x7FFFFFFFF000)
// The most pages that are tried for one answer, because trying a writable page gives it memory.
#define MOST_PAGES 16
// The most pages of a program image: 256 MiB.
#define MOST_IMAGE_PAGES 65536

// Whether anything is mapped in the range. The call asks for a mapping that is neither private nor
// shared, which the kernel always refuses, but only after it has checked whether the range is free.
static int is_any_mapped(uintptr_t start, uintptr_t end) {
    const int flags = MAP_FIXED_NOREPLACE | MAP_ANONYMOUS;
    long result = syscall(SYS_mmap, start, end - start, (long)PROT_NONE, (long)flags, -1L, 0L);
    return result < 0 && errno == EEXIST;
}

// For kernels before 4.17, which do not know the flag: tries page by page.
static int is_page_mapped(uintptr_t page) {
    unsigned char residence;
    return is_any_mapped(page, page + PAGE_BYTE_COUNT) ||
           syscall(SYS_mincore, page, PAGE_BYTE_COUNT, &residence) == 0;
}

// The lowest mapped page from `page` on, or the end of user space.
static uintptr_t first_mapped(uintptr_t page) {
    if (page >= END_OF_USER_SPACE || is_page_mapped(page))
        return page;
    uintptr_t end = page + PAGE_BYTE_COUNT, span = PAGE_BYTE_COUNT;
    while (!is_any_mapped(page, end)) {
        if (end == END_OF_USER_SPACE)
            return end;
        page = end;
        span *= 2;
        end = END_OF_USER_SPACE - page > span ? page + span : END_OF_USER_SPACE;
    }
    while (end - page > PAGE_BYTE_COUNT) {
        uintptr_t middle = PAGE_START(page + (end - page) / 2);
        if (is_any_mapped(page, middle))
            end = middle;
        else
            page = middle;
    }
    return page;
}

struct image {
    const ElfW(Phdr) * headers;
    size_t count;
    uintptr_t bias; // from addresses in the file to those in memory
};

// The program itself, by its program headers (getauxval).
static int find_program(struct image *image) {
    uintptr_t headers = (uintptr_t)getauxval(AT_PHDR);
    image->headers = (const ElfW(Phdr) *)headers;
    image->count = (size_t)getauxval(AT_PHNUM);
    image->bias = 0;
    for (size_t i = 0; headers != 0 && i < image->count; i++)
        if (image->headers[i].p_type == PT_PHDR)
            image->bias = headers - image->headers[i].p_vaddr;
    return headers != 0;
}

static int find_segment(const struct image *image, uintptr_t page, struct kernel_mapping *mapping) {
    for (size_t i = 0; i < image->count; i++) {
        const ElfW(Phdr) *segment = &image->headers[i];
        uintptr_t start = PAGE_START(image->bias + segment->p_vaddr);
        uintptr_t end =
            PAGE_START(image->bias + segment->p_vaddr + segment->p_memsz + PAGE_BYTE_COUNT - 1);
        if (segment->p_type != PT_LOAD || page < start || page >= end)
            continue;
        mapping->start = start;
        mapping->end = end;
        mapping->protection = (segment->p_flags & PF_R ? KERNEL_PROT_READ : 0) |
                              (segment->p_flags & PF_W ? KERNEL_PROT_WRITE : 0) |
                              (segment->p_flags & PF_X ? KERNEL_PROT_EXEC : 0);
        // Not the real numbers of a file, but the same for all segments of the image.
        mapping->inode = (uint64_t)(uintptr_t)image->headers;
        mapping->device = UINT64_MAX;
        return 1;
    }
    return 0;
}

// A library, by its ELF header below the page. The loader's list cannot be used here, because it is
// under a lock that this thread may hold.
static int find_library_segment(uintptr_t page, struct kernel_mapping *mapping) {
    for (uintptr_t pages = 0, base = page; pages < MOST_IMAGE_PAGES; pages++) {
        const ElfW(Ehdr) *file = (const ElfW(Ehdr) *)base;
        if (kernel_can_read(base, 1) && memcmp(file->e_ident, ELFMAG, SELFMAG) == 0 &&
            file->e_phoff == sizeof *file && file->e_phnum <= 64) {
            const ElfW(Phdr) *headers = (const ElfW(Phdr) *)(file + 1);
            // The first segment begins with the header.
            size_t first = 0, count = file->e_phnum;
            while (first < count && headers[first].p_type != PT_LOAD)
                first++;
            uintptr_t bias = first < count ? base - PAGE_START(headers[first].p_vaddr) : 0;
            struct image image = {headers, count, bias};
            if (find_segment(&image, page, mapping))
                return 1;
        } else if (!is_page_mapped(base)) {
            return 0;
        }
        base -= PAGE_BYTE_COUNT;
    }
    return 0;
}

static uint32_t probed_access(uintptr_t page) {
    uint32_t access = kernel_can_read(page, 1) ? KERNEL_PROT_READ : 0;
    return access && kernel_can_write(page, 1) ? access | KERNEL_PROT_WRITE : access;
}

// The run of alike pages from `page` on, which may be a part of a mapping or of several.
static void probe_run(uintptr_t page, struct kernel_mapping *mapping) {
    const uint32_t data = KERNEL_PROT_READ | KERNEL_PROT_WRITE;
    struct image program;
    uint32_t access = probed_access(page);
    *mapping = (struct kernel_mapping){.start = page, .end = END_OF_USER_SPACE};
    // Libraries are searched for only below pages that are not writable: code is not, and a search
    // below each page of a heap would take long.
    if (!(find_program(&program) && find_segment(&program, page, mapping)) &&
        access == KERNEL_PROT_READ)
        find_library_segment(page, mapping);
    uintptr_t end = page + PAGE_BYTE_COUNT, limit = page + MOST_PAGES * PAGE_BYTE_COUNT;
    if (limit > mapping->end)
        limit = mapping->end;
    while (end < limit && probed_access(end) == access && (access != 0 || is_page_mapped(end)))
        end += PAGE_BYTE_COUNT;
    // The loader and code patchers change parts of a segment.
    if ((mapping->protection & data) != access)
        mapping->start = page;
    mapping->end = end;
    mapping->protection = (mapping->protection & KERNEL_PROT_EXEC) | access;
}

int kernel_probe_mapping(uintptr_t address, struct kernel_mapping *mapping) {
    int saved_errno = errno;
    uintptr_t page = first_mapped(PAGE_START(address));
    int result = page < END_OF_USER_SPACE ? 0 : -ENOENT;
    if (result == 0)
        probe_run(page, mapping);
    errno = saved_errno;
    return result;
}
