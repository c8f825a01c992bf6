/*
 * The rest of the base API: error texts, LocalFree; brings in the headers of the parts.
 */
#ifndef WIN32MEMORY_WINBASE_H
#define WIN32MEMORY_WINBASE_H

#include "win32memory/linked_lists.h"
#include "win32memory/stack_trace.h"
#include "windef.h"
#include "minwinbase.h"
#include "debugapi.h"
#include "errhandlingapi.h"
#include "fibersapi.h"
#include "fileapi.h"
#include "handleapi.h"
#include "heapapi.h"
#include "jobapi.h"
#include "libloaderapi.h"
#include "memoryapi.h"
#include "processenv.h"
#include "processthreadsapi.h"
#include "profileapi.h"
#include "securitybaseapi.h"
#include "synchapi.h"
#include "sysinfoapi.h"
#include "systemtopologyapi.h"
#include "winerror.h"
#include "win32memory/base_constants.h"

#include <stdarg.h>

#define FORMAT_MESSAGE_ALLOCATE_BUFFER 0x00000100
#define FORMAT_MESSAGE_IGNORE_INSERTS 0x00000200
#define FORMAT_MESSAGE_FROM_STRING 0x00000400
#define FORMAT_MESSAGE_FROM_HMODULE 0x00000800
#define FORMAT_MESSAGE_FROM_SYSTEM 0x00001000
#define FORMAT_MESSAGE_ARGUMENT_ARRAY 0x00002000
#define FORMAT_MESSAGE_MAX_WIDTH_MASK 0x000000FF

/* 56 bytes, for the forerunner of GlobalMemoryStatusEx. */
typedef struct _MEMORYSTATUS {
    DWORD dwLength;
    DWORD dwMemoryLoad; /* percent */
    SIZE_T dwTotalPhys; /* bytes, as the next ones */
    SIZE_T dwAvailPhys;
    SIZE_T dwTotalPageFile;
    SIZE_T dwAvailPageFile;
    SIZE_T dwTotalVirtual;
    SIZE_T dwAvailVirtual;
} MEMORYSTATUS, *LPMEMORYSTATUS;

/* Swift cannot name a pointer to va_list, and its side of the library only passes it on. */
#ifdef __swift__
typedef void *WIN32MEMORY_FORMAT_ARGUMENTS;
#else
typedef va_list *WIN32MEMORY_FORMAT_ARGUMENTS;
#endif

WIN32MEMORY_BEGIN_DECLARATIONS

/*
 * FormatMessageA, FormatMessageW - the system's text of an error code, or a text of the caller's, with
 * values inserted.
 *
 * dwFlags       FORMAT_MESSAGE_FROM_SYSTEM or FORMAT_MESSAGE_FROM_STRING; FORMAT_MESSAGE_ALLOCATE_BUFFER
 *               to get storage; FORMAT_MESSAGE_IGNORE_INSERTS; FORMAT_MESSAGE_ARGUMENT_ARRAY. The low
 *               byte is a line width; 0 keeps the lines of the text. With a width, line breaks of the
 *               text become blanks, except %n, and a line that reaches the width is broken at its last
 *               blanks, or at the width if it has none. 255 (FORMAT_MESSAGE_MAX_WIDTH_MASK) breaks none.
 * lpSource      with FROM_STRING the text, with escapes (%n, %t, %%, %0 ...) and inserts %1 to %99,
 *               which may have a format: %1!08lx!. Else ignored.
 * dwMessageId   an ERROR_* code, of those that this library returns.
 * dwLanguageId  ignored: the texts are English.
 * lpBuffer      receives the text and a NUL; with ALLOCATE_BUFFER, the address of an LPSTR (LPWSTR)
 *               that receives the text's address, to be given to LocalFree.
 * nSize         characters in lpBuffer; with ALLOCATE_BUFFER the least number to allocate.
 * Arguments     values of inserts: a pointer to a va_list, or an array of DWORD_PTR. Numbers have 32
 *               bits, unless the format says ll, I64 or I.
 * Returns       characters written, without the NUL; 0 on failure.
 * Errors        87 no supported source, a malformed text, inserts without values, lpBuffer NULL
 *               (W); 317 no text for this code; 235 an empty text; 122 lpBuffer too small (W stores what
 *               fits); 8 no storage, lpBuffer NULL with ALLOCATE_BUFFER (A); 998 lpBuffer unwritable.
 * Safety        any thread.
 * Cost          two passes over the text; ALLOCATE_BUFFER adds a VirtualAlloc.
 * Differs       no message tables of modules (FROM_HMODULE); wide strings inserted by
 *               FormatMessageA (%1!S!) have characters of four bytes.
 * Source        Learn, FormatMessageA, FormatMessageW.
 */
WINBASEAPI DWORD WINAPI FormatMessageA(DWORD dwFlags, LPCVOID lpSource, DWORD dwMessageId,
                                       DWORD dwLanguageId, LPSTR lpBuffer, DWORD nSize,
                                       WIN32MEMORY_FORMAT_ARGUMENTS Arguments);
WINBASEAPI DWORD WINAPI FormatMessageW(DWORD dwFlags, LPCVOID lpSource, DWORD dwMessageId,
                                       DWORD dwLanguageId, LPWSTR lpBuffer, DWORD nSize,
                                       WIN32MEMORY_FORMAT_ARGUMENTS Arguments)
    WIN32MEMORY_WIDE(FormatMessageW);
#ifdef UNICODE
#define FormatMessage FormatMessageW
#else
#define FormatMessage FormatMessageA
#endif

/*
 * LocalFree - frees what FormatMessage allocated.
 *
 * hMem     an address that FormatMessage gave, or NULL.
 * Returns  NULL on success, hMem on failure.
 * Errors   6 hMem is not such an address.
 * Safety   any thread.
 * Cost     that of VirtualFree.
 * Source   Learn, LocalFree.
 */
WINBASEAPI HLOCAL WINAPI LocalFree(HLOCAL hMem);

/*
 * LookupPrivilegeValueA, LookupPrivilegeValueW - the number of a privilege.
 *
 * lpSystemName  NULL or empty: this system.
 * lpName        the name of one of Windows' privileges, in any mixture of cases.
 * lpLuid        receives the number.
 * Returns       TRUE or FALSE.
 * Errors        1313 no such privilege, or lpName NULL; 1722 another system; 998 lpLuid unwritable.
 * Safety        any thread.
 * Cost          a search among 35 names.
 * Source        Learn, LookupPrivilegeValueA.
 */
WINBASEAPI BOOL WINAPI LookupPrivilegeValueA(LPCSTR lpSystemName, LPCSTR lpName, PLUID lpLuid);
WINBASEAPI BOOL WINAPI LookupPrivilegeValueW(LPCWSTR lpSystemName, LPCWSTR lpName, PLUID lpLuid)
    WIN32MEMORY_WIDE(LookupPrivilegeValueW);
#ifdef UNICODE
#define LookupPrivilegeValue LookupPrivilegeValueW
#else
#define LookupPrivilegeValue LookupPrivilegeValueA
#endif

/*
 * IsBadReadPtr, IsBadWritePtr, IsBadCodePtr, IsBadStringPtrA - whether memory cannot be accessed.
 *
 * lp, lpfn, lpsz  first byte. NULL is bad unless the size is 0.
 * ucb             bytes; 0: never bad.
 * ucchMax         chars to look at, at most; the string may end before.
 * Returns         TRUE if a byte cannot be read (written), or a page is an armed guard page, which
 *                 is disarmed by that; else FALSE. IsBadCodePtr looks at one byte, and whether it
 *                 can be read.
 * Safety          any thread, any signal handler. Nothing is raised. The answer may be out of date
 *                 at once if other threads free or protect the memory.
 * Cost            one system call for each stretch of mapped memory; the pages are brought in.
 * Source          Learn, IsBadReadPtr, IsBadWritePtr, IsBadCodePtr, IsBadStringPtrA.
 */
WINBASEAPI BOOL WINAPI IsBadReadPtr(const VOID *lp, UINT_PTR ucb);
WINBASEAPI BOOL WINAPI IsBadWritePtr(LPVOID lp, UINT_PTR ucb);
WINBASEAPI BOOL WINAPI IsBadCodePtr(FARPROC lpfn);
WINBASEAPI BOOL WINAPI IsBadStringPtrA(LPCSTR lpsz, UINT_PTR ucchMax);
#ifndef UNICODE
#define IsBadStringPtr IsBadStringPtrA
#endif

/*
 * lstrlenA, lstrlenW - the length of a string.
 *
 * lpString  the string; NULL: length 0.
 * Returns   characters before the NUL.
 * Safety    any thread, any signal handler. Bad pointers fault; on Windows they have length 0.
 * Source    Learn, lstrlen.
 */
WINBASEAPI int WINAPI lstrlenA(LPCSTR lpString);
WINBASEAPI int WINAPI lstrlenW(LPCWSTR lpString) WIN32MEMORY_WIDE(lstrlenW);
#ifdef UNICODE
#define lstrlen lstrlenW
#else
#define lstrlen lstrlenA
#endif

WIN32MEMORY_END_DECLARATIONS

#endif
