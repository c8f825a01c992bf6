// The mappings that a history finds when it begins.
#ifndef OTHERS_H
#define OTHERS_H

#include <stdint.h>

// Reads the kernel's list of mappings.
void others_remember(void);

// Whether `address` was mapped when `others_remember` was called last.
int others_have(uintptr_t address);

#endif
