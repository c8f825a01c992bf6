// Fixed storage of the handle table, the privileges, the working set sizes and the standard handles; zero
// at start.
#ifndef WIN32MEMORY_HANDLE_STORAGE_H
#define WIN32MEMORY_HANDLE_STORAGE_H

#include <stdint.h>

#define HANDLE_CAPACITY 4096

/// Two words for each handle.
uint64_t *handle_words(void) __attribute__((const));

/// One word: the changes that AdjustTokenPrivileges made.
uint64_t *privilege_word(void) __attribute__((const));

/// Three words: what SetProcessWorkingSetSizeEx has set; zero before.
uint64_t *working_set_words(void) __attribute__((const));

/// Three words: the standard handles, by descriptor; zero before their first use.
uint64_t *standard_handle_words(void) __attribute__((const));

#endif
