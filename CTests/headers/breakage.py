"""Ways to break the headers. Each is an edit of one file that the named checks must notice."""

import os
import shutil
from collections import namedtuple

Breakage = namedtuple("Breakage", "what file before after noticed_by")

BREAKAGES = [
    Breakage("DWORD as wide as long", "win32memory/base_types.h",
             "typedef unsigned int ULONG, DWORD, UINT, LCID;",
             "typedef unsigned long ULONG, DWORD, UINT, LCID;", "advice 1,"),
    Breakage("SIZE_T another type than size_t", "basetsd.h",
             "typedef ULONG_PTR SIZE_T", "typedef unsigned long long SIZE_T", "advice 1,"),
    Breakage("interlocked operations as wide as long", "win32memory/interlocked_names.h",
             "#define InterlockedIncrement win32memory_increment_32",
             "#define InterlockedIncrement win32memory_increment_64", "advice 1,"),
    Breakage("LONGLONG that %lld does not print", "win32memory/base_types.h",
             "typedef long long LONGLONG;", "typedef long LONGLONG;", "advice 2,"),
    Breakage("no WINAPI_FAMILY_PARTITION", "winapifamily.h",
             "#define WINAPI_FAMILY_PARTITION(", "#define PARTITION(", "advice 3,"),
    Breakage("a header that defines _WIN32", "winnt.h",
             "#define WIN32MEMORY_WINNT_H", "#define WIN32MEMORY_WINNT_H\n#define _WIN32 1",
             "advice 3, 9, 14"),
    Breakage("a header that defines _M_X64", "windef.h",
             "#define WIN32MEMORY_WINDEF_H", "#define WIN32MEMORY_WINDEF_H\n#define _M_X64 100",
             "advice 3, versions"),
    Breakage("a header that relies on __linux__", "windef.h", '#include "minwindef.h"',
             '#ifdef __linux__\n#include "minwindef.h"\n#endif', "advice 4,"),
    Breakage("no _aligned_malloc", "win32memory/aligned_allocation.h",
             "_aligned_malloc(size_t", "aligned_malloc(size_t", "advice 5,"),
    Breakage("__stdcall left to the compiler", "win32memory/compiler.h",
             "#ifndef __stdcall\n#define __stdcall\n", "#if 0\n", "advice 6,"),
    Breakage("header functions that are static", "win32memory/compiler.h",
             "#define WIN32MEMORY_INLINE extern __inline __attribute__((__always_inline__, __gnu_inline__))",
             "#define WIN32MEMORY_INLINE static __forceinline", "advice 6, inline"),
    Breakage("a __declspec that drops its argument", "win32memory/compiler.h",
             "#define __declspec(attribute) WIN32MEMORY_DECLSPEC_##attribute",
             "#define __declspec(attribute)", "advice 6, a thread-local"),
    Breakage("a header that needs the word VOID", "win32memory/process_status.h",
             "    LPVOID lpBaseOfDll;", "    VOID *lpBaseOfDll;", "advice 6, words"),
    Breakage("no string.h in windows.h", "win32memory/windows_umbrella.h",
             "#include <string.h>\n", "", "advice 7,"),
    Breakage("min and max in C++", "minwindef.h",
             "#if !defined(NOMINMAX) && !defined(__cplusplus)", "#if !defined(NOMINMAX)",
             "advice 8,"),
    Breakage("min and max in spite of NOMINMAX", "minwindef.h",
             "#if !defined(NOMINMAX) && !defined(__cplusplus)", "#if !defined(__cplusplus)",
             "advice 8, no min"),
    Breakage("a macro named near", "win32memory/compiler.h",
             "#ifndef NEAR", "#define near\n#ifndef NEAR", "advice 9,"),
    Breakage("another tag of MEMORY_BASIC_INFORMATION", "win32memory/memory_information.h",
             "struct _MEMORY_BASIC_INFORMATION {", "struct MEMORY_BASIC_INFORMATION_ {",
             "advice 9,"),
    Breakage("a named union in MEM_EXTENDED_PARAMETER", "win32memory/memory_information.h",
             "        DWORD ULong;\n    };", "        DWORD ULong;\n    } u;", "advice 10,"),
    Breakage("CONTEXT without Xmm15", "win32memory/context_amd64.h",
             "            M128A Xmm15;\n", "", "advice 10,"),
    Breakage("HMODULE no type of its own", "minwindef.h",
             "typedef HINSTANCE HMODULE;", "typedef HANDLE HMODULE;", "advice 11,"),
    Breakage("WCHAR of a fixed width", "win32memory/character_types.h",
             "typedef wchar_t WCHAR;", "typedef unsigned short WCHAR;", "advice 12,"),
    Breakage("T names that ignore UNICODE", "win32memory/character_types.h",
             "#ifdef UNICODE", "#if 0", "advice 12,"),
    Breakage("a spelling with another guard", "win32memory/process_status.h",
             "#define WIN32MEMORY_PROCESS_STATUS_H", "", "advice 13,"),
    Breakage("functions without C linkage", "win32memory/compiler.h",
             '#define WIN32MEMORY_BEGIN_DECLARATIONS extern "C" {',
             "#define WIN32MEMORY_BEGIN_DECLARATIONS namespace win32 {", "advice 14,"),
    Breakage("FARPROC no function pointer", "minwindef.h",
             "typedef INT_PTR(WINAPI *FARPROC)();", "typedef void *FARPROC;", "advice 15,"),
    Breakage("__try by default", "excpt.h", "#define EXCEPTION_EXECUTE_HANDLER 1",
             "#define EXCEPTION_EXECUTE_HANDLER 1\n#define __try if (1)", "advice 16,"),
    Breakage("a header that is not self-contained", "memoryapi.h",
             '#include "minwindef.h"\n#include "minwinbase.h"\n', "", "memoryapi.h alone"),
    Breakage("a warning", "synchapi.h", "#define INFINITE 0xFFFFFFFFu",
             "#define INFINITE 0xFFFFFFFFu\nstatic inline int narrow(long value) { return value; }",
             "synchapi.h alone"),
    Breakage("a wrong offset", "win32memory/memory_information.h",
             "    SIZE_T RegionSize; ", "    DWORD RegionSize; ", "layout_test.c"),
    Breakage("a wrong value", "winerror.h", "#define ERROR_INVALID_ADDRESS 487",
             "#define ERROR_INVALID_ADDRESS 478", "constants_error"),
    Breakage("a wrong register of arm64", "win32memory/context_arm64.h",
             "    DWORD64 Sp;\n", "", "layout_context_arm64"),
    Breakage("an operation that is not the one of its name", "win32memory/interlocked_names.h",
             "#define _InterlockedXor64 win32memory_fetch_xor_64",
             "#define _InterlockedXor64 win32memory_fetch_or_64", "interlocked_run_test.c"),
]


def broken_copy(include, scratch, broken):
    """A copy of include with the edit made; the edit must fit, or the table is out of date."""
    copy = os.path.join(scratch, "Include")
    shutil.copytree(include, copy)
    path = os.path.join(copy, broken.file)
    with open(path) as file:
        text = file.read()
    if broken.before not in text:
        raise SystemExit("breakage.py: %s no longer contains %r" % (broken.file, broken.before))
    with open(path, "w") as file:
        file.write(text.replace(broken.before, broken.after))
    return copy
