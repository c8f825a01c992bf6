// Storage of the exception layer.
#include "CLinux.h"

uint64_t win32memory_exception_storage[EXCEPTION_STORAGE_WORDS] __attribute__((aligned(64)));
