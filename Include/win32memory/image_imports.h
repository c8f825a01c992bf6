/*
 * The part of the file format of Windows programs that tells what a module takes from others, and
 * where its addresses are. As with image_format.h, no module on Linux has any of it.
 */
#ifndef WIN32MEMORY_IMAGE_IMPORTS_H
#define WIN32MEMORY_IMAGE_IMPORTS_H

#include "base_types.h"

#define IMAGE_ORDINAL_FLAG64 0x8000000000000000u
#define IMAGE_ORDINAL_FLAG IMAGE_ORDINAL_FLAG64
#define IMAGE_ORDINAL64(ordinal) ((ordinal)&0xffff)
#define IMAGE_ORDINAL(ordinal) IMAGE_ORDINAL64(ordinal)
#define IMAGE_SNAP_BY_ORDINAL64(ordinal) (((ordinal)&IMAGE_ORDINAL_FLAG64) != 0)
#define IMAGE_SNAP_BY_ORDINAL(ordinal) IMAGE_SNAP_BY_ORDINAL64(ordinal)

#define IMAGE_REL_BASED_ABSOLUTE 0
#define IMAGE_REL_BASED_HIGHLOW 3
#define IMAGE_REL_BASED_DIR64 10

typedef struct _IMAGE_IMPORT_DESCRIPTOR {
    __extension__ union {
        DWORD Characteristics;
        DWORD OriginalFirstThunk;
    };
    DWORD TimeDateStamp;
    DWORD ForwarderChain;
    DWORD Name;
    DWORD FirstThunk;
} IMAGE_IMPORT_DESCRIPTOR, *PIMAGE_IMPORT_DESCRIPTOR;

typedef struct _IMAGE_IMPORT_BY_NAME {
    WORD Hint;
    CHAR Name[1];
} IMAGE_IMPORT_BY_NAME, *PIMAGE_IMPORT_BY_NAME;

typedef struct _IMAGE_THUNK_DATA64 {
    union {
        ULONGLONG ForwarderString;
        ULONGLONG Function;
        ULONGLONG Ordinal;
        ULONGLONG AddressOfData;
    } u1;
} IMAGE_THUNK_DATA64, *PIMAGE_THUNK_DATA64, IMAGE_THUNK_DATA, *PIMAGE_THUNK_DATA;

typedef struct _IMAGE_BASE_RELOCATION {
    DWORD VirtualAddress;
    DWORD SizeOfBlock;
} IMAGE_BASE_RELOCATION, *PIMAGE_BASE_RELOCATION;

#endif
