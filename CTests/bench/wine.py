"""The same programs, compiled by mingw and run under Wine: how much faster the library is."""
import json
import os
import shutil
import signal
import subprocess
import tempfile

import programs

COMPILER = "x86_64-w64-mingw32-gcc"
LINUX_ONLY = {"fault_row", "populated_rows", "seh_rows", "start_up_row"}
MOST_SECONDS = 180  # for a program; the rows that it has printed by then count


def _run(program, arguments):
    target = arguments.build / (program + ".exe")
    harness = ["bare_absent.c" if name == "bare_linux.c" else name for name in programs.HARNESS]
    subprocess.run([COMPILER, "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Wpedantic", program + ".c",
                    *programs.SOURCES[program], *harness, "-static", "-pthread", "-o", str(target)],
                   cwd=programs.HERE, check=True)
    with tempfile.NamedTemporaryFile(mode="r", suffix=".json") as rows:
        command = ["wine", str(target), "--rows-only", "--json", "Z:" + rows.name]
        command += ["--quick"] if arguments.quick else []
        # In a group of its own, so that what Wine starts for it ends with it.
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   start_new_session=True)
        try:
            status = process.wait(timeout=MOST_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            status = f"none within {MOST_SECONDS} seconds"
        if status != 0:
            print(f"    {program}: status under Wine: {status}")
        return {row["name"]: row for row in map(json.loads, rows)}


def missing_tools():
    """A line about what is missing, or None."""
    tools = ((COMPILER, "gcc-mingw-w64-x86-64"), ("wine", "wine and wine64"))
    missing = [f"{tool} (Debian package {package})" for tool, package in tools
               if not shutil.which(tool)]
    return f"missing for Wine: {', '.join(missing)}" if missing else None


def compare(rows, arguments):
    """Adds "wine_ns" to the rows that Wine runs, and prints them."""
    print(f"\n{'nanoseconds per operation':<50} {'ours':>10} {'Wine':>12} {'ratio':>7}", flush=True)
    for program in (name for name in arguments.programs
                    if name in programs.SOURCES and name not in LINUX_ONLY):
        measured = _run(program, arguments)
        for row in (row for row in rows if row["name"] in measured):
            row["wine_ns"] = measured[row["name"]]["ours_ns"]
            if row["wine_ns"] == 0:
                print(f"{row['name']:<50} {row['ours_ns']:>10.1f} {'refused':>12}", flush=True)
                continue
            ratio = row["ours_ns"] / row["wine_ns"]
            print(f"{row['name']:<50} {row['ours_ns']:>10.1f} {row['wine_ns']:>12.1f} "
                  f"{ratio:>7.3f}", flush=True)
