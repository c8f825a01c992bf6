"""Instructions and system calls of our side of each row, exactly, by valgrind's callgrind.

Each row runs one batch after one that warms it up; only the second is counted. Valgrind hands
madvise's guard markers to the kernel as they are, so both backings can be counted.
"""
import mmap
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import programs

OPERATIONS = 512
BATCH = "bench_counted_batch"  # a function; what runs in it is the second profile written
MADV_GUARD_INSTALL = 102


def missing_tool():
    """A line about what is missing, or None."""
    return None if shutil.which("valgrind") else "valgrind is missing (Debian package valgrind)"


def backings():
    """Those that this kernel can serve: a library told to use guards where there are none maps."""
    with mmap.mmap(-1, mmap.PAGESIZE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as page:
        try:
            page.madvise(MADV_GUARD_INSTALL)
        except OSError:
            return ["mapped"]
    return ["guarded", "mapped"]


def _names(target):
    done = subprocess.run([str(target), "--list-exact"], capture_output=True, text=True,
                          check=True)
    return done.stdout.splitlines()


def _sums(profile):
    """Instructions and system calls; columns at the end of the line that are zero are left out."""
    line = re.search(r"^summary: (.*)$", profile.read_text(), re.MULTILINE)[1]
    return ([int(word) for word in line.split()] + [0])[:2]


def run_counted(command, function, environment):
    """What the command prints, and the sums of each run of `function`; None if it cannot be run."""
    with tempfile.TemporaryDirectory() as folder:
        valgrind = ["valgrind", "--tool=callgrind", "--collect-systime=usec",
                    f"--dump-before={function}", f"--dump-after={function}",
                    f"--callgrind-out-file={folder}/profile"]
        done = subprocess.run(valgrind + command, env=os.environ | environment,
                              capture_output=True, text=True)
        if done.returncode == programs.NOT_COUNTABLE:
            return None
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(command)}, {environment}, under valgrind:\n{done.stderr}")
        # What runs before the function, in it, before it again ...; then the rest.
        profiles = len(list(Path(folder).glob("profile.*")))
        sums = [_sums(Path(folder, f"profile.{number}")) for number in range(2, profiles + 1, 2)]
        return done.stdout, sums


def _count(target, row_name, backing):
    """The row's counts per operation, or None where it cannot be run."""
    counted = run_counted([str(target), "--only", row_name, "--count", "ours", str(OPERATIONS),
                           "--one-batch"], BATCH, {"WIN32MEMORY_BACKING": backing})
    if counted is None:
        return None
    printed, sums = counted
    instructions, system_calls = sums[0]
    return {"instructions": round(instructions / int(printed), 1),
            "system_calls": round(system_calls / int(printed), 3)}


def measure(targets):
    """Counts by row name, then backing; beside them, the row's program."""
    counts = {}
    for program, target in targets.items():
        for row_name in _names(target):
            found = {backing: _count(target, row_name, backing) for backing in backings()}
            found = {backing: count for backing, count in found.items() if count}
            counts[row_name] = {"program": program} | found
    return counts
