"""How the C tests are built and started: the ordinary way, and those of programs that need another."""
import pathlib
import shutil


class Way:
    """One way of building and starting a program: which compiler flags, what is preloaded."""

    def __init__(self, name="", link=("-lwin32memory",), shared=(), preload=False, sanitize=True,
                 flags=(), compiler=None):
        self.name, self.link, self.preload, self.sanitize = name, link, preload, sanitize
        self.flags, self.compiler = flags, compiler
        self.shared = shared  # (source, flags) of libraries that the program loads or links
        self.is_static = "-static" in link or "-l:libwin32memory.a" in link


PLUG_IN = ("linking/preload_plugin.c", ())
RIVAL = ("linking/preload_rival.c", ())


def extra(compiler, level):
    if "clang" not in pathlib.Path(compiler).name:
        return ()
    return ("-Wno-unknown-warning-option", *(("-fuse-ld=lld",) if "-flto" in level else ()))


# What the macros of __try make of a function depends on the compiler. Optimizing at link time, clang
# needs its own linker. gcc warns of variables that a body changes where none is used afterwards.
LEVELS = [Way(f"{compiler} {level}", flags=(*level.split(), "-Wno-clobbered", *extra(compiler, level)),
              compiler=compiler, sanitize=False)
          for compiler in ("gcc", "clang") for level in ("-O0", "-O1", "-O2", "-O3", "-Os", "-O2 -flto")]
# The toolchain brings a clang of its own, newer than the system's.
TOOLCHAIN_CLANG = pathlib.Path(shutil.which("swiftc") or "/").resolve().parent / "clang"
SYSTEM_CLANG = shutil.which("clang")
if TOOLCHAIN_CLANG.exists() and not (SYSTEM_CLANG and TOOLCHAIN_CLANG.samefile(SYSTEM_CLANG)):
    LEVELS += [Way(f"toolchain's clang {level}", flags=(level, *extra(str(TOOLCHAIN_CLANG), level)),
                   compiler=str(TOOLCHAIN_CLANG), sanitize=False)
               for level in ("-O0", "-O2", "-Os")]
SEH_PROGRAMS = ("seh_test", "seh_nesting_test", "seh_frames_test", "seh_locals_test", "seh_leaving_test",
                "seh_body_locals_test", "seh_longjmp_test", "seh_dispatch_test",
                "seh_conformance_paths_test", "seh_conformance_filters_test",
                "seh_conformance_unwinding_test", "seh_conformance_handlers_test",
                "seh_coroutine_test", "seh_switches_test")
# C++, which those that only it has are written in, too.
CXX = [Way(f"{compiler} {level}", flags=("-x", "c++", "-std=gnu++17", level, "-Wno-clobbered",
                                         *extra(compiler, level)), compiler=compiler, sanitize=False)
       for compiler in ("g++", "clang++") for level in ("-O0", "-O2", "-Os")]
WAYS = {
    "seh_cxx_test": CXX,
    **{program: LEVELS for program in SEH_PROGRAMS},
    # Optimized, a function that calls none keeps no frame pointer.
    "crash_line_test": (Way(flags=("-O0",), sanitize=False),),
    "seh_lost_break_test": [way for way in LEVELS if "-O0" in way.flags],
    "preload_test": (
        Way("undefined at link time", ("-fuse-ld=lld", "-Wl,--unresolved-symbols=ignore-all"),
            (PLUG_IN,), preload=True, sanitize=False),
        Way("defined by another library", ("-lpreload_rival",), (PLUG_IN, RIVAL), preload=True,
            sanitize=False),
    ),
    "static_test": (
        Way("archive", ("-l:libwin32memory.a",), sanitize=False),
        Way("fully static", ("-static", "-lwin32memory"), sanitize=False),
    ),
    # Without the list of mappings memory is tried page by page; a sanitizer's has billions.
    "sandbox_test": (Way(sanitize=False),),
    # A sanitizer has the low addresses for itself.
    "arena_place_test": (Way(sanitize=False),),
    # It loads the library itself, and nothing else keeps that.
    "unloading_test": (Way(link=(), sanitize=False),),
    "thread_storage_test": (
        Way(), Way("fully static", ("-static", "-lwin32memory"), sanitize=False),
    ),
    "character_conversion_test": (Way(), Way("two-byte characters", flags=("-fshort-wchar",))),
    "system_facts_test": (Way(), Way("two-byte characters", flags=("-fshort-wchar",))),
    "format_string_test": (Way(), Way("two-byte characters", flags=("-fshort-wchar",))),
    "format_lines_test": (Way(), Way("two-byte characters", flags=("-fshort-wchar",))),
    "environment_strings_test": (Way(), Way("two-byte characters", flags=("-fshort-wchar",))),
    "format_message_wide_test": (
        Way(), Way("two-byte characters", flags=("-fshort-wchar",))),
    "privilege_test": (Way(), Way("two-byte characters", flags=("-fshort-wchar",))),
    "loader_names_test": (
        Way(), Way("two-byte characters", flags=("-fshort-wchar",)),
        Way("archive", ("-l:libwin32memory.a",), sanitize=False),
        Way("fully static", ("-static", "-lwin32memory"), sanitize=False),
    ),
    "sanitizer_chain_test": (
        Way("address sanitizer", flags=("-fsanitize=address",), sanitize=False),),
    "thread_sanitizer_test": (
        Way("thread sanitizer", flags=("-fsanitize=thread",), sanitize=False),),
    # A sanitizer's runtime is not there yet when the functions before all constructors run.
    "before_main_test": (Way(sanitize=False),),
    # A sanitizer's runtime does not survive a fork in a signal handler.
    "fork_busy_test": (Way(sanitize=False),),
    # A sanitizer needs more address space than the test leaves.
    "address_limit_test": (Way(sanitize=False),),
    # A sanitizer's runtime has alternate stacks of its own, which stay.
    "stack_overflow_test": (Way(sanitize=False),),
    # These define functions of the C library themselves, as a sanitizer's runtime does too.
    "malloc_reentry_test": (Way(link=("-rdynamic", "-lwin32memory"), sanitize=False),),
}
