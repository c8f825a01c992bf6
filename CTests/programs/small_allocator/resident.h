// The process's resident memory. The one thing here that each system answers in its own way: the
// build takes resident_linux.c or resident_windows.c.
#ifndef RESIDENT_H
#define RESIDENT_H

#include <stddef.h>

// Bytes of the process that are in RAM now; 0 when the system does not tell.
size_t resident_bytes(void);

#endif
