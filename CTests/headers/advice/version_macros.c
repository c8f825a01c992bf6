/* Advice 3: versions and partitions are defined, the compiler's and target's own names are not. */
#include <windows.h>

#if !defined(_WIN32_WINNT) || !defined(WINVER) || !defined(NTDDI_VERSION)
#error "windows.h must define the version it stands for"
#endif
#if _WIN32_WINNT < _WIN32_WINNT_WIN10 || NTDDI_VERSION < NTDDI_WIN10_RS5
#error "the default version is Windows 10 or later"
#endif
#if !WINAPI_FAMILY_PARTITION(WINAPI_PARTITION_DESKTOP)
#error "programs are desktop programs by default"
#endif
#if !WINAPI_FAMILY_PARTITION(WINAPI_PARTITION_APP | WINAPI_PARTITION_SYSTEM)
#error "partitions can be combined"
#endif

#if !defined(PROGRAM_DEFINES_WIN32) && (defined(_WIN32) || defined(_WIN64) || defined(WIN32))
#error "only the program may say that it is compiled for Windows"
#endif
#if defined(_MSC_VER) || defined(__MINGW32__) || defined(__MINGW64__) || defined(__CYGWIN__)
#error "no compiler may be impersonated"
#endif
#if defined(_M_X64) || defined(_M_AMD64) || defined(_M_IX86) || defined(_M_ARM64)
#error "no architecture macro of Microsoft's compiler: code behind it reads segment registers"
#endif

DWORD version(void);
DWORD version(void) {
    return _WIN32_WINNT;
}
