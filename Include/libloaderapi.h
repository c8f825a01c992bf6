/*
 * Modules and functions by name. The system's DLLs (kernel32, kernelbase, ntdll, psapi, advapi32,
 * bcrypt, api-ms-win-*, in any spelling, with any path, with or without .dll) are this library; the
 * program and its shared objects are modules too, known by address.
 *
 * An HMODULE is the address where an ELF file is mapped. Every function here is safe to call from
 * any thread, none from a signal handler; none calls malloc. Success leaves GetLastError as it was.
 */
#ifndef WIN32MEMORY_LIBLOADERAPI_H
#define WIN32MEMORY_LIBLOADERAPI_H

#include "minwindef.h"
#include "win32memory/character_types.h"

#define GET_MODULE_HANDLE_EX_FLAG_PIN 0x00000001
#define GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT 0x00000002
#define GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS 0x00000004

#define DONT_RESOLVE_DLL_REFERENCES 0x00000001
#define LOAD_LIBRARY_AS_DATAFILE 0x00000002
#define LOAD_WITH_ALTERED_SEARCH_PATH 0x00000008
#define LOAD_IGNORE_CODE_AUTHZ_LEVEL 0x00000010
#define LOAD_LIBRARY_AS_IMAGE_RESOURCE 0x00000020
#define LOAD_LIBRARY_AS_DATAFILE_EXCLUSIVE 0x00000040
#define LOAD_LIBRARY_REQUIRE_SIGNED_TARGET 0x00000080
#define LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR 0x00000100
#define LOAD_LIBRARY_SEARCH_APPLICATION_DIR 0x00000200
#define LOAD_LIBRARY_SEARCH_USER_DIRS 0x00000400
#define LOAD_LIBRARY_SEARCH_SYSTEM32 0x00000800
#define LOAD_LIBRARY_SEARCH_DEFAULT_DIRS 0x00001000

WIN32MEMORY_BEGIN_DECLARATIONS

/*
 * GetModuleHandleA, GetModuleHandleW - the module of a name.
 *
 * lpModuleName  a DLL of the system; NULL for the program.
 * Returns       the module, or NULL. Nothing to be freed.
 * Errors        126 any other name.
 * Cost          a walk over the loaded modules.
 * Differs       all system DLLs are one module; shared objects are not found by name.
 * Source        Learn, GetModuleHandleA.
 */
WINBASEAPI HMODULE WINAPI GetModuleHandleA(LPCSTR lpModuleName);
WINBASEAPI HMODULE WINAPI GetModuleHandleW(LPCWSTR lpModuleName) WIN32MEMORY_WIDE(GetModuleHandleW);

/*
 * GetModuleHandleExA, GetModuleHandleExW - the module of a name or of an address.
 *
 * dwFlags       GET_MODULE_HANDLE_EX_FLAG_*; not PIN with UNCHANGED_REFCOUNT.
 * lpModuleName  as GetModuleHandle's, or any address in the module with FROM_ADDRESS.
 * phModule      receives the module, or NULL on failure.
 * Returns       TRUE or FALSE.
 * Errors        87 wrong flags or phModule NULL; 126 no such module.
 * Cost          a walk over the loaded modules.
 * Differs       modules are not counted: none is unloaded by FreeLibrary.
 * Source        Learn, GetModuleHandleExA.
 */
WINBASEAPI BOOL WINAPI GetModuleHandleExA(DWORD dwFlags, LPCSTR lpModuleName, HMODULE *phModule);
WINBASEAPI BOOL WINAPI GetModuleHandleExW(DWORD dwFlags, LPCWSTR lpModuleName, HMODULE *phModule)
    WIN32MEMORY_WIDE(GetModuleHandleExW);

/*
 * LoadLibraryA, LoadLibraryW - GetModuleHandle for the system's DLLs.
 *
 * lpLibFileName           a DLL of the system.
 * Returns, Cost, Differs  as GetModuleHandle; nothing is ever loaded.
 * Errors                  126 NULL or any other name.
 * Source                  Learn, LoadLibraryA.
 */
WINBASEAPI HMODULE WINAPI LoadLibraryA(LPCSTR lpLibFileName);
WINBASEAPI HMODULE WINAPI LoadLibraryW(LPCWSTR lpLibFileName) WIN32MEMORY_WIDE(LoadLibraryW);

/*
 * LoadLibraryExA, LoadLibraryExW - LoadLibrary with flags.
 *
 * hFile                   NULL.
 * dwFlags                 LOAD_LIBRARY_*; they make no difference for the system's DLLs.
 * Returns, Cost, Differs  as LoadLibrary.
 * Errors                  87 hFile not NULL; 126 NULL or any other name.
 * Source                  Learn, LoadLibraryExA.
 */
WINBASEAPI HMODULE WINAPI LoadLibraryExA(LPCSTR lpLibFileName, HANDLE hFile, DWORD dwFlags);
WINBASEAPI HMODULE WINAPI LoadLibraryExW(LPCWSTR lpLibFileName, HANDLE hFile, DWORD dwFlags)
    WIN32MEMORY_WIDE(LoadLibraryExW);

/*
 * GetProcAddress - a function of this library by name.
 *
 * hModule     any system DLL's; they all have the same functions.
 * lpProcName  the exact name, such as "VirtualAlloc2".
 * Returns     the function, or NULL.
 * Errors      127 no such function, or a module other than the system's; 182 an ordinal; 126 not a
 *             module; 998 lpProcName unreadable.
 * Cost        a walk over the loaded modules and the table of names.
 * Differs     never a symbol of the program's own.
 * Source      Learn, GetProcAddress.
 */
WINBASEAPI FARPROC WINAPI GetProcAddress(HMODULE hModule, LPCSTR lpProcName)
    WIN32MEMORY_WIDE(GetProcAddress);

/*
 * FreeLibrary - gives a module back, which changes nothing.
 *
 * hLibModule  a module.
 * Returns     TRUE or FALSE.
 * Errors      126 not a module.
 * Cost        a walk over the loaded modules.
 * Differs     modules stay loaded.
 * Source      Learn, FreeLibrary.
 */
WINBASEAPI BOOL WINAPI FreeLibrary(HMODULE hLibModule);

/*
 * GetModuleFileNameA, GetModuleFileNameW - the path of a module's file.
 *
 * hModule     a module; NULL for the program.
 * lpFilename  receives the path and a NUL, cut off if it is too long.
 * nSize       characters in lpFilename.
 * Returns     characters written without the NUL; nSize if the path was cut off; 0 on failure.
 * Errors      126 not a module; 122 the path was cut off.
 * Cost        a walk over the loaded modules; one system call for the program.
 * Differs     a Linux path with slashes, UTF-8 in the A form.
 * Source      Learn, GetModuleFileNameA.
 */
WINBASEAPI DWORD WINAPI GetModuleFileNameA(HMODULE hModule, LPSTR lpFilename, DWORD nSize);
WINBASEAPI DWORD WINAPI GetModuleFileNameW(HMODULE hModule, LPWSTR lpFilename, DWORD nSize)
    WIN32MEMORY_WIDE(GetModuleFileNameW);

WIN32MEMORY_END_DECLARATIONS

#ifdef UNICODE
#define GetModuleHandle GetModuleHandleW
#define GetModuleHandleEx GetModuleHandleExW
#define LoadLibrary LoadLibraryW
#define LoadLibraryEx LoadLibraryExW
#define GetModuleFileName GetModuleFileNameW
#else
#define GetModuleHandle GetModuleHandleA
#define GetModuleHandleEx GetModuleHandleExA
#define LoadLibrary LoadLibraryA
#define LoadLibraryEx LoadLibraryExA
#define GetModuleFileName GetModuleFileNameA
#endif

#endif
