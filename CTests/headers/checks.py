"""Builds the list of checks from the tables: what is compiled, how, and what must come of it."""

import functools
import itertools
import os
import re
import shutil
import subprocess
from collections import namedtuple

from advice import (ADVICE, FORBIDDEN_MACROS, FORBIDDEN_MACROS_CXX, LOWER_CASE_MACROS, SAME_TEXT,
                    SHIPPED)
from configurations import (C_LIBRARY, COMPILERS, CXX_LIBRARY, FLAGS, FLAGS_ALONE, SLOW_HEADERS,
                            STANDARDS_ALONE, WINDOWS_BRANCH)

# expectation: "compiles", "refused" (pattern is in the message), "runs" (the command in pattern exits
# with 0) or "macros" (pattern lists names that must not be defined).
Check = namedtuple("Check", "name command expectation pattern")


def public_headers(include):
    return sorted(name for name in os.listdir(include) if name.endswith(".h"))


def include_text(names):
    lines = "".join("#include <%s>\n" % name for name in names)
    return lines + "typedef int translation_unit_is_not_empty;\n"


@functools.lru_cache(maxsize=None)
def spelling(command, language, standard):
    """What a compiler calls a standard that it may know only by the name of its draft."""
    drafts = {"c++23": "c++2b"}
    if shutil.which(command) is None:
        return standard
    known = subprocess.run([command, "-x", language, "-std=" + standard, "-fsyntax-only", os.devnull],
                           capture_output=True).returncode == 0
    return standard if known else drafts.get(standard, standard)


class Builder:
    """Collects checks of the headers in include; translation units are written to scratch."""

    def __init__(self, include, tests, scratch):
        self.include = include
        self.tests = tests
        self.scratch = scratch
        self.checks = []

    def add(self, label, compiler, standard, flags, source, expectation="compiles", pattern=None,
            warnings=True):
        standard = spelling(compiler.command[0], compiler.language, standard)
        command = compiler.command + ["-x", compiler.language, "-std=" + standard,
                                      "-I", self.include]
        # The optimizer gives its messages only when it generates code.
        is_optimized = any(flag.startswith("-O") for flag in flags)
        command += ["-S", "-o", os.devnull] if is_optimized else ["-fsyntax-only"]
        command += (compiler.warnings if warnings else []) + flags + [source]
        name = "%s: %s -std=%s" % (label, compiler.name, standard)
        self.checks.append(Check(name, command, expectation, pattern))

    def unit(self, name, headers):
        path = os.path.join(self.scratch, name)
        with open(path, "w") as file:
            file.write(include_text(headers))
        return path

    def each_header_alone(self):
        for header in public_headers(self.include):
            source = self.unit("alone_" + header + ".c", [header])
            for compiler, flags in itertools.product(COMPILERS, FLAGS_ALONE):
                if header in SLOW_HEADERS and flags != "plain":
                    continue
                for standard in compiler.standards:
                    if standard in STANDARDS_ALONE:
                        self.add("%s alone, %s" % (header, flags), compiler, standard,
                                 FLAGS[flags], source)

    def each_header_as_main_file(self):
        """As an editor's checker compiles it. Without warnings: many have nothing but macros."""
        for header in public_headers(self.include):
            for compiler in COMPILERS:
                self.add(header + " as the main file", compiler, compiler.standards[0], [],
                         os.path.join(self.include, header), warnings=False)

    def all_together(self):
        headers = [name for name in public_headers(self.include) if name not in SLOW_HEADERS]
        orders = {"together": headers, "together, backwards": headers[::-1]}
        for label, order in orders.items():
            source = self.unit(label.replace(", ", "_") + ".c", order)
            for compiler, flags in itertools.product(COMPILERS, FLAGS):
                for standard in compiler.standards:
                    if label != "together" and flags not in FLAGS_ALONE:
                        continue
                    self.add("%s, %s" % (label, flags), compiler, standard, FLAGS[flags], source)

    def beside_the_libraries(self):
        for compiler in COMPILERS:
            library = C_LIBRARY if compiler.language == "c" else CXX_LIBRARY
            after = self.unit("library_after_%s.c" % compiler.name, ["windows.h"] + library)
            before = self.unit("library_before_%s.c" % compiler.name, library + ["windows.h"])
            standard = compiler.standards[-1 if compiler.language == "c" else 2]
            for label, source in (("before", after), ("after", before)):
                self.add("windows.h %s the standard library" % label, compiler, standard, [],
                         source, warnings=False)
            self.add("windows.h before the standard library, Windows branch", compiler, standard,
                     WINDOWS_BRANCH, after, warnings=False)

    def each_advice(self):
        for advice in ADVICE:
            source = os.path.join(self.tests, "advice", advice.source)
            for compiler in COMPILERS:
                if (compiler.language not in advice.languages
                        or compiler.name not in (advice.compilers or [compiler.name])):
                    continue
                for standard in compiler.standards[::2]:
                    self.add("advice %d, %s" % (advice.number, advice.rule), compiler, standard,
                             advice.flags, source, advice.expectation, advice.pattern)

    def no_forbidden_macros(self):
        source = self.unit("macros.c", public_headers(self.include))
        for compiler in COMPILERS:
            names = list(FORBIDDEN_MACROS)
            if compiler.language == "c++":
                names += FORBIDDEN_MACROS_CXX
            command = compiler.command + ["-x", compiler.language, "-I", self.include, "-E", "-dM",
                                          source]
            self.checks.append(Check("advice 3, 9, 14, no forbidden macro: " + compiler.name,
                                     command, "macros", names))

    def tables(self):
        for name in sorted(os.listdir(self.tests)):
            if not re.match(r"(layout|constants).*_test\.c$", name):
                continue
            source = os.path.join(self.tests, name)
            for compiler in COMPILERS:
                if compiler.language != "c":
                    continue
                self.add(name, compiler, "c11", [], source)
                self.add(name + ", short wchar_t", compiler, "c11", ["-fshort-wchar"], source)

    def arm64(self):
        """The freestanding part of the headers needs no C library of that architecture."""
        clang = next(compiler for compiler in COMPILERS if compiler.name == "clang")
        target = ["--target=aarch64-linux-gnu", "-ffreestanding", "-nostdlibinc"]
        for source in ("layout_context_arm64_test.c", "layout_test.c"):
            self.add(source + ", arm64", clang, "c11", target + ["-DWITHOUT_C_LIBRARY"],
                     os.path.join(self.tests, source))

    def programs(self):
        for name in sorted(os.listdir(self.tests)):
            if not name.endswith("_run_test.c"):
                continue
            for command in (["gcc", "-O2"], ["clang", "-O0"], ["g++", "-x", "c++", "-O0"]):
                output = os.path.join(self.scratch, "%s.%s" % (name, command[0]))
                self.checks.append(Check(
                    "%s: %s" % (name, command[0]),
                    command + ["-I", self.include, os.path.join(self.tests, name), "-o", output],
                    "runs", [output]))


def file_rules(include):
    """Rules about the files themselves: (rule, holds)."""
    present = set(public_headers(include))
    yield "advice 13, every header is shipped", present.issuperset(SHIPPED)
    for one, other in SAME_TEXT:
        with open(os.path.join(include, one)) as first, open(os.path.join(include, other)) as second:
            # On a file system that ignores case they are one file, so neither may include the other.
            yield "advice 13, %s and %s have one text" % (one, other), first.read() == second.read()
    for folder, _, names in os.walk(include):
        for name in names:
            with open(os.path.join(folder, name)) as file:
                text = file.read()
            yield "%s has at most 250 lines" % name, text.count("\n") <= 250
            lower_case = set(re.findall(r"^ *# *define ([a-z]\w*)\(", text, re.MULTILINE))
            yield ("advice 14, no lower-case function-like macro in " + name,
                   lower_case.issubset(LOWER_CASE_MACROS))


def all_checks(include, tests, scratch):
    builder = Builder(include, tests, scratch)
    builder.each_advice()
    builder.tables()
    builder.arm64()
    builder.programs()
    builder.no_forbidden_macros()
    builder.each_header_alone()
    builder.each_header_as_main_file()
    builder.all_together()
    builder.beside_the_libraries()
    return builder.checks
