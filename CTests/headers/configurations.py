"""The compilers, standards and flags that every header must compile under without a word."""

from collections import namedtuple

# sources is the language: "c" or "c++".
Compiler = namedtuple("Compiler", "name command language standards warnings")

WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion"]
C_STANDARDS = ["c11", "c17", "c2x"]
CXX_STANDARDS = ["c++11", "c++14", "c++17", "c++20", "c++23"]

COMPILERS = [
    Compiler("gcc", ["gcc"], "c", C_STANDARDS, WARNINGS + ["-Wc++-compat"]),
    Compiler("clang", ["clang"], "c", C_STANDARDS, WARNINGS),
    Compiler("g++", ["g++"], "c++", CXX_STANDARDS, WARNINGS),
    Compiler("clang++", ["clang++"], "c++", CXX_STANDARDS, WARNINGS),
]

# What switches a file to its Windows branch, and keeps it out of its Linux one.
WINDOWS_BRANCH = [
    "-D_WIN32", "-D_WIN64",
    "-U__linux__", "-U__linux", "-Ulinux", "-U__unix__", "-U__unix", "-Uunix",
]

FLAGS = {
    "plain": [],
    "_WIN32 alone": ["-D_WIN32"],
    "Windows branch": WINDOWS_BRANCH,
    "UNICODE": ["-DUNICODE", "-D_UNICODE"],
    "NOMINMAX": ["-DNOMINMAX"],
    "WIN32_LEAN_AND_MEAN": ["-DWIN32_LEAN_AND_MEAN"],
    "STRICT": ["-DSTRICT"],
    "NOGDI": ["-DNOGDI"],
    "short wchar_t": ["-fshort-wchar"],
    "ms extensions": ["-fms-extensions"],
    "Windows 7": ["-D_WIN32_WINNT=0x0601"],
    "all at once": WINDOWS_BRANCH + [
        "-DUNICODE", "-D_UNICODE", "-DNOMINMAX", "-DWIN32_LEAN_AND_MEAN", "-DSTRICT", "-DNOGDI",
        "-fshort-wchar", "-fms-extensions",
    ],
}

# Each header alone is compiled under these; the rest of the flags are for all headers together.
FLAGS_ALONE = ["plain", "all at once"]
STANDARDS_ALONE = ["c11", "c2x", "c++11", "c++23"]

# Headers that pull in the compiler's vector types, most of a second each: only a few combinations.
SLOW_HEADERS = ["intrin.h"]

# What C++ programs include after <windows.h>; a macro of ours that breaks one shows here.
CXX_LIBRARY = [
    "algorithm", "atomic", "chrono", "condition_variable", "functional", "iostream", "limits",
    "map", "memory", "mutex", "random", "sstream", "string", "thread", "tuple", "unordered_map",
    "utility", "vector",
]
C_LIBRARY = [
    "assert.h", "ctype.h", "errno.h", "fcntl.h", "inttypes.h", "limits.h", "math.h", "pthread.h",
    "signal.h", "stdalign.h", "stdatomic.h", "stdbool.h", "stdint.h", "stdio.h", "stdlib.h",
    "string.h", "sys/mman.h", "time.h", "unistd.h", "wchar.h",
]
