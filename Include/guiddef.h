/*
 * GUID: a 16-byte identifier.
 */
#ifndef WIN32MEMORY_GUIDDEF_H
#define WIN32MEMORY_GUIDDEF_H

#include "win32memory/base_types.h"

typedef struct _GUID {
    DWORD Data1;
    WORD Data2;
    WORD Data3;
    BYTE Data4[8];
} GUID, *LPGUID, IID, *LPIID, CLSID, *LPCLSID;
typedef const GUID *LPCGUID;

#ifdef __cplusplus
#define REFGUID const GUID &
#define REFIID const IID &
#define REFCLSID const CLSID &
#else
#define REFGUID const GUID *
#define REFIID const IID *
#define REFCLSID const CLSID *
#endif

#ifdef __cplusplus
#define IsEqualGUID(a, b) (!__builtin_memcmp(&(a), &(b), sizeof(GUID)))
#else
#define IsEqualGUID(a, b) (!__builtin_memcmp((a), (b), sizeof(GUID)))
#endif

#endif
