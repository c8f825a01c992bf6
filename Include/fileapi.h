/*
 * Constants and types of the file functions, which are not ours: they stand in branches of ported
 * code beside the memory functions.
 */
#ifndef WIN32MEMORY_FILEAPI_H
#define WIN32MEMORY_FILEAPI_H

#include "minwinbase.h"

#define CREATE_NEW 1
#define CREATE_ALWAYS 2
#define OPEN_EXISTING 3
#define OPEN_ALWAYS 4
#define TRUNCATE_EXISTING 5

#define INVALID_FILE_SIZE 0xFFFFFFFFu
#define INVALID_SET_FILE_POINTER 0xFFFFFFFFu
#define INVALID_FILE_ATTRIBUTES 0xFFFFFFFFu

#endif
