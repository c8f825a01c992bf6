"""The sixteen pieces of advice about headers (porting.md, section 5), each with its compile tests."""

from collections import namedtuple

from configurations import WINDOWS_BRANCH

# expectation: "compiles" without a diagnostic, or "refused" with a message that matches pattern.
# compilers is a list of names; None means all.
Advice = namedtuple("Advice", "number rule source languages flags expectation pattern compilers",
                    defaults=[None])


def compiles(number, rule, source, flags=(), languages=("c", "c++")):
    return Advice(number, rule, source, languages, list(flags), "compiles", None)


def refused(number, rule, source, pattern, languages, flags=(), compilers=None):
    return Advice(number, rule, source, languages, list(flags), "refused", pattern, compilers)


# Optimization levels at which compilers find what they find only when they optimize.
LEVELS = ("-Og", "-O1", "-O2", "-O3", "-Os")

ADVICE = [
    compiles(1, "types have their LP64 sizes and identities", "lp64.c"),
    compiles(1, "and keep them with a short wchar_t", "lp64.c", ["-fshort-wchar"]),
    compiles(2, "standard printf formats fit the types", "printf_formats.c"),
    compiles(3, "versions are defined, compilers are not impersonated", "version_macros.c"),
    compiles(3, "also when the program defines _WIN32", "version_macros.c",
             ["-D_WIN32", "-D_WIN64", "-DPROGRAM_DEFINES_WIN32"]),
    compiles(3, "the program's version stays", "chosen_version.c"),
    compiles(4, "the Windows branch compiles without Linux's macros", "windows_branch.c",
             WINDOWS_BRANCH),
    compiles(5, "vector headers after windows.h with _WIN32", "system_headers.c", ["-D_WIN32"]),
    compiles(5, "vector headers before windows.h with _WIN32", "system_headers.c",
             ["-D_WIN32", "-DVECTOR_HEADER_FIRST"]),
    compiles(6, "conventions vanish and __declspec keeps its meaning", "declspec.c"),
    compiles(6, "also with the compiler's own words", "declspec.c", ["-fms-extensions"]),
    compiles(6, "words for readers can be undefined", "undefined_words.c"),
    compiles(6, "inline functions with external linkage may use them", "inline_functions.c"),
    refused(6, "a thread-local variable is one", "thread_local_address.c", "constant", ("c",)),
    compiles(7, "windows.h brings in what programs take from it", "brought_in.c"),
    compiles(7, "also when lean", "brought_in.c",
             ["-DWIN32_LEAN_AND_MEAN", "-DNOGDI", "-DSTRICT"]),
    compiles(7, "with the names of its compiler and SDK", "brought_names.c"),
    compiles(7, "also in the Windows branch", "brought_names.c", WINDOWS_BRANCH),
    compiles(8, "min and max in C only", "minimum_and_maximum.c"),
    compiles(8, "no min and max with NOMINMAX", "minimum_and_maximum.c", ["-DNOMINMAX"]),
    compiles(9, "the program's own names are free", "colliding_names.c"),
    compiles(10, "structures have their members and registers", "structure_shape.c"),
    compiles(11, "HANDLE is a pointer, HMODULE a type", "handles.c"),
    compiles(11, "also under STRICT", "handles.c", ["-DSTRICT"]),
    compiles(12, "T names are bytes", "characters.c"),
    compiles(12, "T names are wide with UNICODE", "characters.c", ["-DUNICODE", "-D_UNICODE"]),
    compiles(12, "wide characters may have two bytes", "characters.c", ["-fshort-wchar"]),
    compiles(12, "wide T names may have two bytes", "characters.c",
             ["-fshort-wchar", "-DUNICODE", "-D_UNICODE"]),
    compiles(13, "both spellings are one header", "both_spellings.c"),
    compiles(14, "functions have C linkage", "linkage.c"),
    compiles(14, "EXTERN_C works, and pointers become numbers and come back", "pointer_numbers.c"),
    compiles(15, "looked-up functions convert", "function_pointers.c"),
    compiles(16, "structured exceptions can be declined", "exceptions.c"),
    compiles(16, "C++ can promise that a type has no destructor", "destructor.c", languages=("c++",)),
    refused(16, "but not of one that has", "destructor.c", "needs a destructor", ("c++",),
            ["-DWITH_A_DESTRUCTOR"]),
    compiles(16, "setjmp can be one that knows of them", "jumps.c"),
    compiles(16, "also after the C library's", "jumps.c", ["-DC_LIBRARY_FIRST"]),
    *[refused(16, "a break that ends a __finally block alone is none, " + level, "lost_break.c",
              "use goto", ("c", "c++"), [level]) for level in LEVELS],
    *[compiles(16, "others are, " + level, "kept_break.c", [level], ("c",)) for level in LEVELS],
    compiles(16, "a block in a function that is not optimized", "not_optimized.c", ["-O2"], ("c",)),
    *[refused(16, "gcc warns of a variable that a body changes, " + level, "body_variable.c", "clobbered",
              ("c",), [level, "-Werror"], ("gcc",)) for level in LEVELS],
]

# Advice 13: the headers that must be there.
SHIPPED = [
    "Psapi.h", "Windows.h", "basetsd.h", "bcrypt.h", "conio.h", "direct.h", "errhandlingapi.h", "excpt.h",
    "fibersapi.h", "float.h", "handleapi.h", "heapapi.h", "intrin.h", "io.h", "libloaderapi.h", "malloc.h",
    "memoryapi.h", "minwindef.h", "process.h", "processthreadsapi.h", "psapi.h", "sal.h", "sdkddkver.h", "synchapi.h",
    "sysinfoapi.h", "tlhelp32.h", "winapifamily.h", "winbase.h", "wincrypt.h", "windef.h",
    "windows.h", "winerror.h", "winnt.h", "winternl.h",
]
SAME_TEXT = [("windows.h", "Windows.h"), ("psapi.h", "Psapi.h")]

# Advice 3, 9 and 14: macros that no header may define, in C++ not even these two.
FORBIDDEN_MACROS = [
    "_MSC_VER", "_WIN32", "_WIN64", "WIN32", "_M_X64", "_M_AMD64", "_M_IX86", "_M_ARM64",
    "__MINGW32__", "__MINGW64__", "__CYGWIN__", "byte", "small", "near", "far", "interface",
    "cdecl", "pascal", "ERROR",
]
FORBIDDEN_MACROS_CXX = ["min", "max"]

# Advice 14: the only function-like macros in lower case, and these in C alone.
LOWER_CASE_MACROS = {"min", "max"}
