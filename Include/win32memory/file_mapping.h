/*
 * Access to a view of a file mapping (FILE_MAP_*), and the enumerations of the calls in memoryapi.h.
 */
#ifndef WIN32MEMORY_FILE_MAPPING_H
#define WIN32MEMORY_FILE_MAPPING_H

#include "memory_constants.h"

#define FILE_MAP_COPY 0x00000001
#define FILE_MAP_WRITE 0x00000002
#define FILE_MAP_READ 0x00000004
#define FILE_MAP_EXECUTE 0x00000020
#define FILE_MAP_ALL_ACCESS 0x000F001F
#define FILE_MAP_LARGE_PAGES 0x20000000
#define FILE_MAP_TARGETS_INVALID 0x40000000
#define FILE_MAP_RESERVE 0x80000000u

#endif
