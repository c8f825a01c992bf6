"""Runs a program to its end, and finds out which test it was at when it came to a bad one."""

import os
import re
import signal
import subprocess
import time


class Finished:
    """What a program printed and how it ended: its exit status, or None if it did not end in time."""

    def __init__(self, output, errors, status, seconds):
        self.output, self.errors, self.status, self.seconds = output, errors, status, seconds


def finish(command, environment, timeout_seconds):
    """Runs the program. One that does not end in time is ended, with all that it has started."""
    begin = time.monotonic()
    process = subprocess.Popen([str(word) for word in command], env=environment, text=True,
                               errors="replace", stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               start_new_session=True)
    try:
        output, errors = process.communicate(timeout=timeout_seconds)
        status = process.returncode
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        output, errors = process.communicate()
        status = None
    return Finished(output, errors, status, time.monotonic() - begin)


def last_test(output):
    """The test that ran when the program ended: each is named before it runs."""
    names = re.findall(r"^running (.+)$", output, re.MULTILINE)
    return names[-1] if names else "before the first test, it"


def without_names(output):
    return re.sub(r"^running .+\n", "", output, flags=re.MULTILINE)
