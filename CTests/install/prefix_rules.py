"""Rules about what `make install` and `make uninstall` leave in a folder."""

import os
import re
import shutil
import stat

from harness import (ROOT, Skipped, build_id, command, expect, files_below, make, needs)

VERSION = re.search(r"^VERSION := (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)[1]
LIBRARY = f"libwin32memory.so.{VERSION}"
UNPRIVILEGED = 65534


# Filesystem Hierarchy Standard 3.0, 4.6; Debian Policy 8.1, 10.2, 10.9
def the_libraries_have_soname_links_and_modes_of_libraries(prefix):
    libraries = prefix / "lib"
    expect(os.readlink(libraries / "libwin32memory.so") == "libwin32memory.so.1", "link .so")
    expect(os.readlink(libraries / "libwin32memory.so.1") == LIBRARY, "link .so.1")
    for path in prefix.rglob("*"):
        mode = stat.S_IMODE(path.lstat().st_mode)
        if not path.is_symlink():
            expect(mode == (0o755 if path.is_dir() else 0o644), f"{path} has mode {mode:o}")


# gdb manual, Separate Debug Files
def the_library_is_stripped_and_its_debug_file_has_the_same_build_id(prefix):
    library = prefix / "lib" / LIBRARY
    sections = command("readelf", "-SW", library)
    expect(".debug_info" not in sections and ".symtab" not in sections, sections)
    identifier = build_id(library)
    debug = prefix / "lib/debug/.build-id" / identifier[:2] / f"{identifier[2:]}.debug"
    expect(build_id(debug) == identifier, f"{debug} is another library's")
    expect(".debug_info" in command("readelf", "-SW", debug), f"no .debug_info in {debug}")
    expect(debug.name in command("readelf", "-p", ".gnu_debuglink", library), "no debug link")


# gdb manual, Separate Debug Files
@needs("gdb")
def the_debugger_finds_the_sources_of_the_library_by_its_debug_file(prefix):
    said = command("gdb", "-batch", "-nx", "-ex",
                   f"set debug-file-directory {prefix}/lib/debug", "-ex",
                   f"file {prefix}/lib/{LIBRARY}", "-ex", "info sources VirtualAlloc.swift")
    expect("Sources/Win32/Memory/VirtualAlloc.swift" in said, said)


# Debian Policy 10.2
def the_archive_has_no_debug_information_but_its_symbols(prefix):
    archive = prefix / "lib/libwin32memory.a"
    expect(".debug_info" not in command("readelf", "-SW", archive), "has .debug_info")
    expect(" T VirtualAlloc\n" in command("nm", archive), "has no VirtualAlloc")


# issue: headers in include/win32memory, as in Include/
def the_headers_are_those_of_the_source_tree(prefix):
    installed = prefix / "include/win32memory"
    headers = [name for name in files_below(ROOT / "Include") if name.endswith(".h")]
    expect(files_below(installed) == headers, files_below(installed))
    for name in files_below(installed):
        expect((installed / name).read_bytes() == (ROOT / "Include" / name).read_bytes(), name)


# Debian Policy 10.2: no path of the build
def no_installed_text_names_the_source_tree(prefix):
    for name in files_below(prefix):
        if not name.endswith((".debug",)):
            expect(str(ROOT).encode() not in (prefix / name).read_bytes(), name)


# ldconfig(8)
@needs("ldconfig")
def ldconfig_makes_the_same_link_and_lists_the_library(prefix):
    scratch = prefix.parent / "ldconfig"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    shutil.copy(prefix / "lib" / LIBRARY, scratch)
    command("ldconfig", "-n", scratch)
    expect(files_below(scratch) == ["libwin32memory.so.1", LIBRARY], files_below(scratch))
    expect(os.readlink(scratch / "libwin32memory.so.1") == LIBRARY, "links to another file")
    (scratch / "conf").write_text(f"{scratch}\n")
    command("ldconfig", "-X", "-C", scratch / "cache", "-f", scratch / "conf")
    listed = command("ldconfig", "-C", scratch / "cache", "-p")
    expect(f"=> {scratch}/libwin32memory.so.1" in listed, listed)


# GNU Coding Standards, DESTDIR: Support for Staged Installs
def with_destdir_another_user_can_install_and_ldconfig_is_not_run(prefix):
    stage = prefix.parent / "stage"
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir()
    if os.geteuid() == 0:
        os.chown(stage, UNPRIVILEGED, UNPRIVILEGED)
        try:
            command("test", "-r", ROOT / "Makefile", user=UNPRIVILEGED)
            command("python3", "-c", "", user=UNPRIVILEGED)
        except Exception as why:
            raise Skipped("another user cannot read the source tree, or run python3") from why
    more = {"user": UNPRIVILEGED, "group": UNPRIVILEGED} if os.geteuid() == 0 else {}
    make("install", f"PREFIX={prefix}", f"DESTDIR={stage}", "LDCONFIG=false", **more)
    expect(files_below(stage / str(prefix)[1:]) == files_below(prefix), files_below(stage))
    make("uninstall", f"PREFIX={prefix}", f"DESTDIR={stage}", "LDCONFIG=false", **more)
    expect(files_below(stage) == [], files_below(stage))


# GNU Coding Standards, Standard Targets for Users: uninstall
def uninstall_removes_all_that_was_installed_and_nothing_else(prefix):
    copy = prefix.parent / "uninstalled"
    foreign = ["include/other.h", "lib/libother.so.1", "lib/pkgconfig/other.pc",
               "share/man/man3/other.3"]
    make("install", f"PREFIX={copy}", "LDCONFIG=true")
    for name in foreign:
        (copy / name).write_text("another package's\n")
    make("uninstall", f"PREFIX={copy}", "LDCONFIG=true")
    expect(files_below(copy) == sorted(foreign), files_below(copy))
    expect(not (copy / "lib/debug").exists(), "an empty lib/debug is left")


RULES = [
    the_libraries_have_soname_links_and_modes_of_libraries,
    the_library_is_stripped_and_its_debug_file_has_the_same_build_id,
    the_debugger_finds_the_sources_of_the_library_by_its_debug_file,
    the_archive_has_no_debug_information_but_its_symbols,
    the_headers_are_those_of_the_source_tree,
    no_installed_text_names_the_source_tree,
    ldconfig_makes_the_same_link_and_lists_the_library,
    with_destdir_another_user_can_install_and_ldconfig_is_not_run,
    uninstall_removes_all_that_was_installed_and_nothing_else,
]
