"""Runs a program to its end, and names the test that ran when it crashed or hung."""

import os
import re
import signal
import subprocess
import time


class Finished:
    """The output of a program and its exit status, which is None if the program did not end in time."""

    def __init__(self, output, errors, status, seconds):
        self.output, self.errors, self.status, self.seconds = output, errors, status, seconds


def finish(command, environment, timeout_seconds):
    """Runs the program. Kills it and its children if it does not end in time."""
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
    """The test that ran when the program ended. A program prints the name of each test before it runs."""
    names = re.findall(r"^running (.+)$", output, re.MULTILINE)
    return names[-1] if names else "before the first test, it"


def without_names(output):
    return re.sub(r"^running .+\n", "", output, flags=re.MULTILINE)
