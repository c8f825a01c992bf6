// A plug-in for preload_test.c that leaves the functions undefined at link time.
#include "block_cycle.h"

#include <string.h>

int plug_in_cycle(void);
const void *plug_in_virtual_alloc(void);

int plug_in_cycle(void) {
    return block_cycle(0x83);
}

const void *plug_in_virtual_alloc(void) {
    LPVOID(WINAPI * function)(LPVOID, SIZE_T, DWORD, DWORD) = VirtualAlloc;
    const void *address;
    memcpy(&address, &function, sizeof address);
    return address;
}
