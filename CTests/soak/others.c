// The mappings that were there before a history began: the C library's and this program's. Arenas
// are among them, but VirtualQuery calls those free.
#include "others.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { most_others = 4096 };

static struct {
    uintptr_t start, end;
} others[most_others];
static int count;

// Reads with no buffer of the C library: it might map one.
void others_remember(void) {
    static char text[1 << 20];
    size_t length = 0;
    ssize_t got;
    int file = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return;
    while (length < sizeof text - 1 && (got = read(file, text + length, sizeof text - 1 - length)) > 0)
        length += (size_t)got;
    close(file);
    text[length] = 0;
    count = 0;
    for (char *line = text; line != NULL && *line != 0 && count < most_others;) {
        char *rest, *next = strchr(line, '\n');
        others[count].start = strtoull(line, &rest, 16);
        others[count].end = strtoull(rest + 1, &rest, 16);
        count++;
        line = next == NULL ? NULL : next + 1;
    }
}

int others_have(uintptr_t address) {
    for (int i = 0; i < count; i++)
        if (address >= others[i].start && address < others[i].end)
            return 1;
    return 0;
}
