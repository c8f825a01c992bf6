"""What the checks of this folder have in common: running commands, and one line for each rule."""

import functools
import os
import re
import shutil
import subprocess
import threading
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SAMPLE = HERE / "sample"
SAMPLE_SAYS = "sample: every call behaved as on Windows"
TIMEOUT_SECONDS = 300
PRINTING = threading.Lock()


class Failed(Exception):
    """A rule that does not hold, with what was found instead."""


class Skipped(Exception):
    """A rule that cannot be tried on this machine."""


def expect(holds, found):
    if not holds:
        raise Failed(str(found))


def command(*words, environment=None, folder=None, accept=(0,), **more):
    """Runs a command and returns its standard output; anything but success fails the rule."""
    result = subprocess.run([str(word) for word in words], capture_output=True, text=True,
                            errors="replace", env=environment, cwd=folder,
                            timeout=TIMEOUT_SECONDS, **more)
    if result.returncode not in accept:
        raise Failed(f"{' '.join(map(str, words))}\nended with status {result.returncode}\n"
                     f"{result.stdout}{result.stderr}")
    return result.stdout


def make(*words, **more):
    """make in the source tree, without the variables of a make that runs this."""
    environment = {name: value for name, value in os.environ.items()
                   if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "PREFIX",
                                   "DESTDIR", "LIBDIR", "INCLUDEDIR", "MANDIR")}
    return command("make", "-C", ROOT, *words, environment=environment, **more)


def needs(*programs):
    """Skips the rule where one of the programs is not installed."""
    def decorate(rule):
        @functools.wraps(rule)
        def checked(*arguments):
            for program in programs:
                if shutil.which(program) is None:
                    raise Skipped(f"{program} is not installed")
            return rule(*arguments)
        return checked
    return decorate


def try_rules(rules, subject):
    """Tries each rule on the subject: (held, broken)."""
    counts = [0, 0]
    for rule in rules:
        name = rule.__name__.replace("_", " ")
        try:
            rule(subject)
            line = f"ok      {name}"
        except Skipped as why:
            line = f"skipped {name}: {why}"
        except Failed as why:
            line = f"FAILED  {name}\n{why}"
        except Exception as why:  # the other rules are still to be tried
            line = f"FAILED  {name}\n{why!r}"
        if not line.startswith("skipped"):
            counts[line.startswith("FAILED")] += 1
        with PRINTING:
            print(line, flush=True)
    return counts


def files_below(folder):
    """Everything below that is no directory, as paths relative to folder."""
    return sorted(str(path.relative_to(folder)) for path in Path(folder).rglob("*")
                  if path.is_symlink() or not path.is_dir())


def build_id(path):
    lines = command("readelf", "-n", path).splitlines()
    return next(line.split()[-1] for line in lines if "Build ID" in line)


def runs(executable, libraries=None, library_of=None):
    """Runs the sample; with library_of, the library it loads must be the one in that folder."""
    environment = dict(os.environ)
    environment.pop("LD_LIBRARY_PATH", None)
    if libraries:
        environment["LD_LIBRARY_PATH"] = str(libraries)
    said = command(executable, environment=environment)
    expect(said.strip() == SAMPLE_SAYS, said)
    loaded = command("ldd", executable, environment=environment, accept=(0, 1))
    found = re.findall(r"libwin32memory\.so\.1 => (.+) \(0x", loaded)
    expected = [f"{library_of}/libwin32memory.so.1"] if library_of else []
    expect([os.path.realpath(path) for path in found]
           == [os.path.realpath(path) for path in expected], f"loaded {found}")
