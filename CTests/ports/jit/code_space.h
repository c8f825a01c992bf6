// Memory for generated code. It is written in units: while a unit is open its pages are writable
// and not executable, afterwards executable and not writable.
#ifndef CODE_SPACE_H
#define CODE_SPACE_H

#include "../platform.h"

// Answers 0 if there is no address space.
int code_space_create(void);
void code_space_destroy(void);

// Where the next unit begins. It may be written from there on without asking for room: a guard page
// behind what is committed brings the next page.
unsigned char *code_space_open_unit(void);
// Makes the open unit executable; `end` is behind its last byte. Answers 0 on failure.
int code_space_seal_unit(unsigned char *end);

// Overwrites a part of a sealed unit; the code must not run meanwhile.
int code_space_patch(unsigned char *address, const void *bytes, SIZE_T byte_count);

int code_space_contains(const void *address);
// How often a guard page was met.
unsigned code_space_growth_count(void);

#endif
