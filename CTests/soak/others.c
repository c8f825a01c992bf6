// The mappings that were there before a history began: the C library's and this program's. Arenas
// are among them, but VirtualQuery calls those free.
#include "others.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { most_others = 1 << 18, line_bytes = 8192 };

static struct { uintptr_t start, end; } others[most_others];
static int count;

static void remember(const char *line) {
    char *rest;
    if (count == most_others)
        return;
    others[count].start = strtoull(line, &rest, 16);
    others[count].end = strtoull(rest + 1, NULL, 16);
    count++;
}

// Into a buffer of its own: the C library might map one.
void others_remember(void) {
    static char text[line_bytes + 1];
    size_t length = 0;
    ssize_t got;
    int file = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return;
    count = 0;
    while ((got = read(file, text + length, line_bytes - length)) > 0) {
        char *line = text, *end;
        text[length += (size_t)got] = 0;
        while ((end = strchr(line, '\n')) != NULL) {
            remember(line);
            line = end + 1;
        }
        length -= (size_t)(line - text);
        memmove(text, line, length);
    }
    close(file);
}

// The kernel's list is in the order of addresses.
int others_have(uintptr_t address) {
    int low = 0, high = count;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (others[middle].end <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && others[low].start <= address;
}
