"""The ways of building and starting the C tests: the ordinary one, and those of programs that need others."""
import pathlib
import shutil


class Way:
    """One way of building and starting a program: the compiler, its flags, and the preloaded libraries."""

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


# The code of the __try macros depends on the compiler and its optimization. clang needs its own linker to
# optimize at link time. gcc also warns of variables that a body changes and that are not used afterwards.
LEVELS = [Way(f"{compiler} {level}", flags=(*level.split(), "-Wno-clobbered", *extra(compiler, level)),
              compiler=compiler, sanitize=False)
          for compiler in ("gcc", "clang") for level in ("-O0", "-O1", "-O2", "-O3", "-Os", "-O2 -flto")]
# The Swift toolchain has its own clang, which is newer than the system's.
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
# Programs that are compiled as C++.
CXX = [Way(f"{compiler} {level}", flags=("-x", "c++", "-std=gnu++17", level, "-Wno-clobbered",
                                         *extra(compiler, level)), compiler=compiler, sanitize=False)
       for compiler in ("g++", "clang++") for level in ("-O0", "-O2", "-Os")]
WAYS = {
    "seh_cxx_test": CXX,
    **{program: LEVELS for program in SEH_PROGRAMS},
    # An optimized function that calls no other keeps no frame pointer.
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
    # Without the list of mappings the library tries memory page by page; a sanitizer maps billions of pages.
    "sandbox_test": (Way(sanitize=False),),
    # A sanitizer uses the low addresses itself.
    "arena_place_test": (Way(sanitize=False),),
    # The program loads and unloads the library itself, so it must not be linked to it.
    "unloading_test": (Way(link=(), sanitize=False),),
    "thread_storage_test": (
        Way(), Way("fully static", ("-static", "-lwin32memory"), sanitize=False),
    ),
    "character_conversion_test": (Way(), Way("two-byte characters", flags=("-fshort-wchar",))),
    "console_test": (Way(), Way("two-byte characters", flags=("-fshort-wchar",))),
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
    # The functions of this test run before a sanitizer's runtime is initialized.
    "before_main_test": (Way(sanitize=False),),
    # A sanitizer's runtime does not survive a fork in a signal handler.
    "fork_busy_test": (Way(sanitize=False),),
    # A sanitizer needs more address space than the test leaves.
    "address_limit_test": (Way(sanitize=False),),
    # A sanitizer's runtime installs alternate stacks of its own.
    "stack_overflow_test": (Way(sanitize=False),),
    # The test defines functions of the C library, which a sanitizer's runtime also defines.
    "malloc_reentry_test": (Way(link=("-rdynamic", "-lwin32memory"), sanitize=False),),
}
