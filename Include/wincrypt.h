/*
 * Types and flags of the older cryptographic interface, as far as random numbers need them.
 */
#ifndef WIN32MEMORY_WINCRYPT_H
#define WIN32MEMORY_WINCRYPT_H

#include "windef.h"

typedef ULONG_PTR HCRYPTPROV;

#define PROV_RSA_FULL 1
#define CRYPT_VERIFYCONTEXT 0xF0000000u
#define CRYPT_NEWKEYSET 0x00000008
#define CRYPT_SILENT 0x00000040

#endif
