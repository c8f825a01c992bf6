"""Rules about programs that are built with an installed copy: pkg-config, CMake, Meson; and man."""

import os
import re
import shutil

from harness import ROOT, SAMPLE, command, expect, files_below, needs, runs

STRICT = ("-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror")
COMPILERS = ("gcc", "clang", "g++")


def pkg_config(prefix, *words):
    environment = dict(os.environ, PKG_CONFIG_PATH=f"{prefix}/lib/pkgconfig")
    return command("pkg-config", *words, "win32memory", environment=environment).split()


def build_with_pkg_config(prefix, compiler, link):
    """Compiles the Windows part with both sets of flags, the other with none, and links them."""
    folder = prefix.parent / f"pkg-config-{compiler}"
    folder.mkdir(exist_ok=True)
    strict = STRICT if compiler != "g++" else STRICT[1:]
    command(compiler, *strict, *pkg_config(prefix, "--cflags"),
            *pkg_config(prefix, "--variable=win32_cflags"), "-c", SAMPLE / "windows_part.c",
            "-o", folder / "windows_part.o")
    command(compiler, *strict, "-c", SAMPLE / "linux_part.c", "-o", folder / "linux_part.o")
    command(compiler, folder / "linux_part.o", folder / "windows_part.o", *link,
            "-o", folder / "sample")
    return folder / "sample"


# pkg-config(1); issue: variable win32_cflags
@needs("pkg-config")
def a_program_builds_with_pkg_config_and_each_compiler(prefix):
    for compiler in COMPILERS:
        if shutil.which(compiler):
            program = build_with_pkg_config(prefix, compiler, pkg_config(prefix, "--libs"))
            runs(program, prefix / "lib", library_of=prefix / "lib")


# pkg-config(1), --static
@needs("pkg-config")
def a_static_program_builds_with_pkg_config(prefix):
    libraries = pkg_config(prefix, "--static", "--libs")
    runs(build_with_pkg_config(prefix, "gcc", ["-static", *libraries]))


# pkg-config(1), --define-prefix
@needs("pkg-config")
def a_moved_copy_can_be_used_by_pkg_config(prefix):
    moved = prefix.parent / "moved"
    shutil.rmtree(moved, ignore_errors=True)
    shutil.copytree(prefix, moved, symlinks=True)
    flags = pkg_config(moved, "--define-prefix", "--cflags", "--libs")
    expect(flags == [f"-I{moved}/include/win32memory", f"-L{moved}/lib", "-lwin32memory"], flags)


# cmake-packages(7); the copy has been moved, which a package's files must survive
@needs("cmake")
def a_program_builds_with_cmake_from_a_moved_copy(prefix):
    moved, folder = prefix.parent / "moved for cmake", prefix.parent / "cmake"
    for old in (moved, folder):
        shutil.rmtree(old, ignore_errors=True)
    shutil.copytree(prefix, moved, symlinks=True)
    command("cmake", "-S", SAMPLE, "-B", folder, f"-DCMAKE_PREFIX_PATH={moved}",
            "-DCMAKE_C_FLAGS=-Wall -Wextra -Werror")
    command("cmake", "--build", folder)
    runs(folder / "with_library", library_of=moved / "lib")
    runs(folder / "single_file/with_single_file", library_of=moved / "lib")
    runs(folder / "with_archive")


# Meson manual, dependency() and get_variable()
@needs("meson", "ninja", "pkg-config")
def a_program_builds_with_meson(prefix):
    folder = prefix.parent / "meson"
    shutil.rmtree(folder, ignore_errors=True)
    environment = dict(os.environ, PKG_CONFIG_PATH=f"{prefix}/lib/pkgconfig")
    command("meson", "setup", folder, SAMPLE, "--werror", environment=environment)
    command("ninja", "-C", folder)
    runs(folder / "with_library", prefix / "lib", library_of=prefix / "lib")
    runs(folder / "with_archive")


def page(prefix, name):
    """What man shows, without its line breaks and filling."""
    environment = dict(os.environ, MANWIDTH="200", LC_ALL="C.UTF-8")
    text = command("man", "-M", prefix / "share/man", "-P", "cat", "3", name,
                   environment=environment)
    return " ".join(text.split())


# man-pages(7), Sections within a manual page
@needs("man")
def man_shows_the_main_functions_with_their_sections(prefix):
    text = page(prefix, "VirtualAlloc")
    for part in ("#include <windows.h>", "LPVOID VirtualAlloc(LPVOID lpAddress",
                 "RETURN VALUE", "ERROR_INVALID_PARAMETER (87)", "DIFFERENCES FROM WINDOWS",
                 "VirtualFree(3)"):
        expect(part in text, f"no {part!r} in\n{text}")
    for name in ("VirtualAllocEx", "VirtualFree", "VirtualProtect", "VirtualQuery", "VirtualLock",
                 "GetLastError", "GetSystemInfo"):
        expect(f"{name} - " in page(prefix, name), f"man {name} is about something else")
    expect("#include <psapi.h>" in page(prefix, "EnumProcessModules"), "not by its own header")


# man-pages(7); the names without A and W are macros
@needs("man")
def man_finds_a_function_by_each_of_its_names(prefix):
    for name in ("GetModuleHandle", "GetModuleHandleA", "GetModuleHandleW"):
        expect("GetModuleHandleA, GetModuleHandleW - " in page(prefix, name), name)


# issue: pages for the functions, generated from the header comments
def every_function_has_a_page(prefix):
    exported = (ROOT / "build/exports.txt").read_text().split()
    pages = {path.stem for path in (prefix / "share/man/man3").glob("*.3")}
    # Lower-case names are what the macros of <excpt.h> and the second set of W names stand for.
    without = [name for name in exported if name not in pages
               and not name.startswith("win32memory_") and not name.endswith("_utf16")]
    expect(without == [], f"no comment directly before the prototype of {without}")


# clang-format re-flows a comment with a line over 100 columns, and its labels are lost in the text
def every_comment_kept_its_columns(prefix):
    damaged = []
    for path in sorted((prefix / "share/man/man3").glob("*.3")):
        for line in path.read_text().splitlines():
            lost = "   " in line and not line.startswith((".BI", ".B "))
            if lost or re.fullmatch(r"\\fI.*[.;] .*\\fP", line):
                damaged.append(f"comment of {path.stem} in Include/: {line}")
    expect(damaged == [], "\n".join(damaged))


# groff(7), Warnings; lexgrog(1)
@needs("man", "lexgrog")
def every_page_is_formatted_without_a_warning(prefix):
    folder = prefix / "share/man"
    pages = [folder / name for name in files_below(folder)]
    own = [path for path in pages if not path.read_text().startswith(".so ")]
    for path in own:
        environment = dict(os.environ, LC_ALL="C.UTF-8", MANROFFSEQ="")
        said = command("sh", "-c", 'man --warnings -l -Tutf8 -Z "$1" 2>&1 >/dev/null', "sh", path,
                       environment=environment)
        expect(said == "", f"{path.name}: {said}")
    said = command("lexgrog", "-m", *own)
    for path in own:
        expect(f'{path}: "{path.stem} - ' in said, f"whatis would not find {path.name}\n{said}")


RULES = [
    a_program_builds_with_pkg_config_and_each_compiler,
    a_static_program_builds_with_pkg_config,
    a_moved_copy_can_be_used_by_pkg_config,
    a_program_builds_with_cmake_from_a_moved_copy,
    a_program_builds_with_meson,
    man_shows_the_main_functions_with_their_sections,
    man_finds_a_function_by_each_of_its_names,
    every_function_has_a_page,
    every_comment_kept_its_columns,
    every_page_is_formatted_without_a_warning,
]
