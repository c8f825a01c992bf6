"""The same programs, compiled by mingw and run under Wine: how much faster the library is."""
import json
import shutil
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
COMPILER = "x86_64-w64-mingw32-gcc"
LINUX_ONLY = {"fault_row", "start_up_row"}


def _run(program, sources, harness, arguments):
    target = arguments.build / (program + ".exe")
    harness = ["bare_absent.c" if name == "bare_linux.c" else name for name in harness]
    subprocess.run([COMPILER, "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Wpedantic",
                    program + ".c", *sources, *harness, "-static", "-pthread", "-o", str(target)],
                   cwd=HERE, check=True)
    with tempfile.NamedTemporaryFile(mode="r", suffix=".json") as rows:
        command = ["wine", str(target), "--rows-only", "--json", "Z:" + rows.name]
        command += ["--quick"] if arguments.quick else []
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if done.returncode != 0:
            print(f"    {program} ended with status {done.returncode} under Wine")
        return {row["name"]: row for row in map(json.loads, rows)}


def compare(rows, programs, harness, arguments):
    """Adds "wine_ns" to the rows that Wine runs, and prints them."""
    for tool, package in ((COMPILER, "gcc-mingw-w64-x86-64"), ("wine", "wine64")):
        if not shutil.which(tool):
            print(f"\nWine is not compared: {tool} is missing (Debian package {package}).")
            return
    print(f"\n{'nanoseconds per operation':<50} {'ours':>10} {'Wine':>12} {'ratio':>7}", flush=True)
    for program in (name for name in programs if name not in LINUX_ONLY):
        measured = _run(program, programs[program], harness, arguments)
        for row in (row for row in rows if row["name"] in measured):
            row["wine_ns"] = measured[row["name"]]["ours_ns"]
            if row["wine_ns"] == 0:
                print(f"{row['name']:<50} {row['ours_ns']:>10.1f} {'refused':>12}", flush=True)
                continue
            ratio = row["ours_ns"] / row["wine_ns"]
            print(f"{row['name']:<50} {row['ours_ns']:>10.1f} {row['wine_ns']:>12.1f} "
                  f"{ratio:>7.3f}", flush=True)
