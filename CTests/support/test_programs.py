"""The places of the C tests, for every script that runs them."""

import pathlib

CTESTS = pathlib.Path(__file__).resolve().parent.parent
SUPPORT = CTESTS / "support"
FOLDERS = ("memory", "contracts", "limits", "concurrency", "linking", "porting", "faults")
# Tests of functions for which the library uses system calls that Linux 6.1 lacks.
OLD_KERNEL = ("memory", "contracts", "sandbox_test", "fault_injection_test",
              "fault_injection_first_use_test", "address_limits_foreign_test", "module_test", "fork_test")


def test_programs(names=None):
    """All test programs, or those of which the name or the folder is in `names`."""
    paths = [path for folder in FOLDERS for path in sorted((CTESTS / folder).glob("*_test.c"))]
    return [path for path in paths if not names or {path.stem, path.parent.name} & set(names)]
