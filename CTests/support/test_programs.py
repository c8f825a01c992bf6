"""Where the C tests are, for every script that runs them."""

import pathlib

CTESTS = pathlib.Path(__file__).resolve().parent.parent
SUPPORT = CTESTS / "support"
FOLDERS = ("memory", "contracts", "limits", "concurrency", "linking", "porting", "faults")


def test_programs():
    return [path for folder in FOLDERS for path in sorted((CTESTS / folder).glob("*_test.c"))]
