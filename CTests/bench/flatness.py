"""Instructions per call as reservations, or page runs, become many: counted, so the load is no matter."""
import os
import re
import subprocess
import tempfile
from pathlib import Path

import programs

GROWTH_LIMIT = 1.5  # from the smallest size to any other
SIZES = {10: "10", 1000: "1,000", 100000: "100,000", 1000000: "1,000,000"}
PROGRAMS = {"scale_reservations": "live reservations", "scale_page_runs": "page runs"}
STEP = "scale_counted_step"  # a function; every second profile is what ran in it


def _instructions(profile):
    return int(re.search(r"^summary: (\d+)", profile.read_text(), re.MULTILINE)[1])


def _count(target, size):
    """Instructions per call, by call; nothing where so many are not possible."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["valgrind", "--tool=callgrind", f"--dump-before={STEP}", f"--dump-after={STEP}",
                   f"--callgrind-out-file={folder}/profile", str(target),
                   "--count", "ours", str(size), "--one-batch"]
        done = subprocess.run(command, env=os.environ, capture_output=True, text=True)
        if done.returncode == programs.NOT_COUNTABLE:
            return {}
        if done.returncode != 0:
            raise SystemExit(f"{target.name} with {size}, under valgrind:\n{done.stderr}")
        operations, *calls = done.stdout.splitlines()
        return {call: _instructions(Path(folder, f"profile.{2 * number}")) / int(operations)
                for number, call in enumerate(calls, start=1)}


def _print_call(call, figures):
    growth = max(figures) / figures[0]
    columns = "".join(f"{figure:>11.0f}" for figure in figures)
    columns += f"{'-':>11}" * (len(SIZES) - len(figures))
    print(f"{call:<20}{columns}{growth:>9.2f} {'OVER' if growth > GROWTH_LIMIT else ''}", flush=True)
    return growth > GROWTH_LIMIT


def over(targets):
    """Prints a table for each program; the names of the rows that grow more than they may."""
    names = []
    for program in (name for name in PROGRAMS if name in targets):
        print(f"\ninstructions of each call among so many {PROGRAMS[program]}\n" + " " * 20
              + "".join(f"{name:>11}" for name in SIZES.values()) + "   growth")
        counts = [found for found in (_count(targets[program], size) for size in SIZES) if found]
        names += [f"{call}, {PROGRAMS[program]}" for call in counts[0]
                  if _print_call(call, [found[call] for found in counts])]
    return names
