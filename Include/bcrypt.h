/*
 * The random number generator of the system.
 */
#ifndef WIN32MEMORY_BCRYPT_H
#define WIN32MEMORY_BCRYPT_H

#include "windef.h"
#include "win32memory/nt_status_type.h"

#define BCRYPT_RNG_USE_ENTROPY_IN_BUFFER 0x00000001
#define BCRYPT_USE_SYSTEM_PREFERRED_RNG 0x00000002
#define BCRYPT_RNG_ALGORITHM L"RNG"

#ifndef BCRYPT_SUCCESS
#define BCRYPT_SUCCESS(status) ((NTSTATUS)(status) >= 0)
#endif

typedef PVOID BCRYPT_HANDLE, BCRYPT_ALG_HANDLE;

WIN32MEMORY_BEGIN_DECLARATIONS

/*
 * BCryptGenRandom - random bytes.
 *
 * hAlgorithm  NULL with BCRYPT_USE_SYSTEM_PREFERRED_RNG.
 * pbBuffer    receives them.
 * cbBuffer    bytes.
 * dwFlags     BCRYPT_USE_SYSTEM_PREFERRED_RNG; BCRYPT_RNG_USE_ENTROPY_IN_BUFFER is ignored.
 * Returns     a status.
 * Errors      C0000008 an algorithm, or none and no flag; C000000D pbBuffer NULL or other flags.
 * Safety      any thread, any signal handler.
 * Cost        one system call for every 256 bytes.
 * Source      Learn, BCryptGenRandom; getrandom(2).
 */
WINBASEAPI NTSTATUS WINAPI BCryptGenRandom(BCRYPT_ALG_HANDLE hAlgorithm, PUCHAR pbBuffer,
                                           ULONG cbBuffer, ULONG dwFlags);

WIN32MEMORY_END_DECLARATIONS

#endif
