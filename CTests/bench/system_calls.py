"""System calls per operation, by strace, in runs of their own: tracing would spoil the times.

Each row runs twice, with few and with many operations; the difference leaves the start-up out.
"""
import re
import shutil
import subprocess
import tempfile
from collections import Counter

import programs

FEW, MANY = 2048, 2560  # the first ones prepare what later ones find ready


def _count(target, row_name, side, operations):
    """Calls by name, or None where the program has no such row to count."""
    with tempfile.NamedTemporaryFile(mode="r") as summary:
        command = ["strace", "-f", "-qq", "-c", "-o", summary.name, str(target),
                   "--only", row_name, "--count", side, str(operations)]
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if done.returncode != 0:
            return None
        calls = Counter()
        for line in summary:
            columns = re.match(r"\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s+(?:\d+\s+)?(\w+)$", line)
            if columns and columns[2] != "total":
                calls[columns[2]] += int(columns[1])
        return calls


def _per_operation(target, row_name, side):
    few = _count(target, row_name, side, FEW)
    many = _count(target, row_name, side, MANY) if few is not None else None
    if many is None:
        return None
    per_operation = {name: (many[name] - few[name]) / (MANY - FEW) for name in many}
    return {name: round(count, 3) for name, count in per_operation.items() if count >= 0.005}


def _text(calls):
    if calls is None:
        return "not counted"
    total = sum(calls.values())
    names = ", ".join(f"{name} {count:.2f}" for name, count in
                      sorted(calls.items(), key=lambda item: -item[1]))
    return f"{total:.2f}" + (f" ({names})" if names else "")


def add_counts(rows, targets):
    """Adds "ours_calls" and "bare_calls" to the rows that can be counted, and prints them."""
    if not shutil.which("strace"):
        print("\nSystem calls are not counted: strace is missing (Debian package strace).")
        return
    countable = programs.countable(targets)
    if countable:
        print("\nsystem calls per operation", flush=True)
    for program, target in countable.items():
        for row in (row for row in rows if row["program"] == program):
            row["ours_calls"] = _per_operation(target, row["name"], "ours")
            row["bare_calls"] = _per_operation(target, row["name"], "bare")
            if row["ours_calls"] is None and row["bare_calls"] is None:
                continue
            print(f"  {row['name']:<48} ours {_text(row['ours_calls'])};"
                  f" bare {_text(row['bare_calls'])}", flush=True)
