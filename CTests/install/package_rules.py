"""Rules about the Debian packages of `make deb`."""

import os
import shutil

from harness import ROOT, SAMPLE, Skipped, command, expect, files_below, make, needs, runs

PACKAGES = ("libwin32memory1", "libwin32memory-dev")
DEMO = ROOT / "CTests/programs/growing_arena.c"
FOLDER = ROOT / "build/deb"


class Packages:
    """Where the rules work: a scratch folder, and whether the machine itself is installed to."""

    def __init__(self, scratch, system):
        self.scratch, self.system = scratch, system


def archives():
    found = [next(iter(FOLDER.glob(f"{name}_*.deb")), None) for name in PACKAGES]
    expect(None not in found, f"only {found} in {FOLDER}")
    return found


def multiarch():
    return command("dpkg-architecture", "-qDEB_HOST_MULTIARCH").strip()


# Debian Policy 8
@needs("dh", "dpkg-buildpackage")
def make_deb_builds_both_packages(packages):
    shutil.rmtree(FOLDER, ignore_errors=True)
    make("deb")
    runtime, development = (command("dpkg-deb", "-c", path) for path in archives())
    folder = f"./usr/lib/{multiarch()}/"
    expect(f"{folder}libwin32memory.so.1 -> " in runtime, runtime)
    expect("/include/" not in runtime, runtime)
    for name in ("libwin32memory.a", "libwin32memory.so -> libwin32memory.so.1",
                 "pkgconfig/win32memory.pc", "cmake/Win32Memory/Win32MemoryConfig.cmake"):
        expect(folder + name in development, f"no {name} in\n{development}")
    expect("/man3/VirtualAlloc.3.gz" in development, development)


# deb-symbols(5): every export with the version that has it
@needs("dpkg-deb", "dh")
def the_symbols_file_lists_every_export(packages):
    listed = command("dpkg-deb", "-I", archives()[0], "symbols").splitlines()
    names = {line.split("@")[0].strip() for line in listed
             if line.endswith("@WIN32MEMORY_1.0 1.0.0")}
    # The library exports pthread_create, but no header declares it (Makefile, exports.map).
    expected = set((ROOT / "build/exports.txt").read_text().split())
    expected |= {"WIN32MEMORY_1.0", "pthread_create"}
    expect(names == expected, names ^ expected)


# lintian(1)
@needs("lintian", "dh")
def lintian_finds_no_error(packages):
    changes = next(iter(FOLDER.glob("*.changes")))
    said = command("lintian", "--fail-on", "error", "--allow-root", changes)
    expect("\nE: " not in "\n" + said, said)


# dpkg-shlibdeps(1)
@needs("dpkg-shlibdeps", "dh")
def a_program_that_uses_the_library_depends_on_its_package(packages):
    folder = packages.scratch / "shlibdeps"
    (folder / "debian").mkdir(parents=True, exist_ok=True)
    (folder / "debian/control").write_text("Source: sample\n\nPackage: sample\nArchitecture: any\n")
    command("gcc", "-I", ROOT / "Include", DEMO, "-L", ROOT / "build", "-lwin32memory", "-o",
            folder / "demo")
    built = next(iter(FOLDER.glob("win32memory-*/debian/libwin32memory1")))
    said = command("dpkg-shlibdeps", "-O", f"-S{built}", "-e", "demo", folder=folder)
    expect("libwin32memory1 (>= 1.0.0)" in said, said)


def dpkg(packages, *words):
    """dpkg on the machine itself, or with a root folder of its own, which needs no root."""
    environment = dict(os.environ, PATH=os.environ["PATH"] + ":/usr/sbin:/sbin")
    own = [] if packages.system else [f"--root={packages.scratch / 'root'}", "--force-not-root",
                                      "--force-depends", "--log=/dev/null"]
    return command("dpkg", *own, *words, environment=environment)


def build_and_run(packages):
    """The sample and the demo with nothing but what the installed packages say."""
    root = "" if packages.system else str(packages.scratch / "root")
    libraries = f"{root}/usr/lib/{multiarch()}"
    environment = dict(os.environ)
    if root:
        environment.update(PKG_CONFIG_SYSROOT_DIR=root,
                           PKG_CONFIG_LIBDIR=f"{libraries}/pkgconfig")

    def flags(*words):
        return command("pkg-config", *words, "win32memory", environment=environment).split()

    program, demo = packages.scratch / "sample", packages.scratch / "demo"
    command("gcc", "-c", *flags("--cflags"), *flags("--variable=win32_cflags"),
            SAMPLE / "windows_part.c", "-o", packages.scratch / "windows_part.o")
    command("gcc", SAMPLE / "linux_part.c", packages.scratch / "windows_part.o", *flags("--libs"),
            "-o", program)
    command("gcc", *flags("--cflags"), DEMO, *flags("--libs"), "-o", demo)
    runs(program, libraries if root else None, library_of=libraries)
    command(demo, environment=dict(environment, **({"LD_LIBRARY_PATH": libraries} if root else {})))


# Debian Policy 6, 7; dpkg(1)
@needs("dpkg", "dh", "pkg-config")
def the_packages_install_serve_a_program_and_purge_without_rest(packages):
    root = packages.scratch / "root"
    if packages.system and os.geteuid() != 0:
        raise Skipped("only root can install packages")
    if not packages.system:
        (root / "var/lib/dpkg/info").mkdir(parents=True)
        (root / "var/lib/dpkg/updates").mkdir()
        (root / "var/lib/dpkg/status").touch()
    dpkg(packages, "-i", *archives())
    try:
        build_and_run(packages)
    finally:
        dpkg(packages, "--purge", *reversed(PACKAGES))
    if packages.system:
        status = command("dpkg-query", "-W", *PACKAGES, accept=(0, 1))
        expect(status == "", status)
    else:
        expect([name for name in files_below(root) if not name.startswith("var/")] == [],
               files_below(root))


RULES = [
    make_deb_builds_both_packages,
    the_symbols_file_lists_every_export,
    lintian_finds_no_error,
    a_program_that_uses_the_library_depends_on_its_package,
    the_packages_install_serve_a_program_and_purge_without_rest,
]
