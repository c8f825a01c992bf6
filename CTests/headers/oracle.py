"""The tables and programs once more with mingw-w64, whose headers were written by others."""

import os
import re

from checks import Check

COMPILER = ["x86_64-w64-mingw32-gcc", "-std=gnu11", "-D_WIN32_WINNT=0x0A00"]


def all_checks(tests, scratch):
    checks = []
    for name in sorted(os.listdir(tests)):
        source = os.path.join(tests, name)
        label = "%s, mingw-w64" % name
        if name.endswith("_run_test.c"):
            program = os.path.join(scratch, name + ".exe")
            checks.append(Check(label, COMPILER + [source, "-o", program], "runs",
                                ["wine", program]))
        elif re.match(r"(layout|constants).*_test\.c$", name) and "arm64" not in name:
            checks.append(Check(label, COMPILER + ["-fsyntax-only", source], "compiles", None))
    return checks
