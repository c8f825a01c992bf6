// What can be executed, according to the kernel's list of mappings.
#include "calls.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void compare_mapping(char *line) {
    char *word;
    ULONG_PTR address = strtoull(line, &word, 16), end = strtoull(word + 1, &word, 16);
    int executable = word[3] == 'x';
    if (end > USABLE_END || (end - address) / page_bytes > 1 << 18)
        return; // the untouched arena is long, and not executable
    for (ULONG_PTR number = address / page_bytes; number < end / page_bytes; number++) {
        const struct page *page = model_page(number);
        if (page->number == number && is_readable(page) && is_executable(page) != executable)
            fail("access", "page 0x%llx of protection 0x%x is in a mapping %.4s",
                 (unsigned long long)number * page_bytes, (unsigned)page->protection, word + 1);
    }
}

void inspect_executable(void) {
    static char buffer[1 << 16];
    size_t kept = 0;
    ssize_t count;
    int file = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    while (file >= 0 && (count = read(file, buffer + kept, sizeof buffer - 1 - kept)) > 0) {
        buffer[kept + (size_t)count] = 0;
        char *line = buffer;
        for (char *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
            *end = 0;
            compare_mapping(line);
        }
        kept = strlen(line);
        memmove(buffer, line, kept + 1);
    }
    close(file);
}
