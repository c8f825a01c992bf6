"""The saved figures in baseline.json, and the comparison of new ones with them.

Ratios of times are for people, on a quiet machine; counts repeat, and are for the gate.
"""
import json
from pathlib import Path

SAVED = Path(__file__).resolve().with_name("baseline.json")
TOLERANCE = 1.15
MORE_CALLS = 0.05  # per operation; less is a rare call that falls into one batch or the next


def _document():
    return json.loads(SAVED.read_text()) if SAVED.exists() else {}


def load(part):
    """What `save` kept under that name, "times" or "counts"."""
    document = _document()
    if part not in document:
        raise SystemExit(f"no {part} are saved; `make bench-save` saves them")
    return document[part]


def save(part, value):
    SAVED.write_text(json.dumps(_document() | {part: value}, indent=1) + "\n")
    print(f"{part} saved in {SAVED.name}")


def others(programs):
    """The saved ratios of all other programs."""
    rows = _document().get("times", {}).get("rows", {})
    return {name: row for name, row in rows.items() if row["program"] not in programs}


def is_worse(saved, now):
    return now > saved * TOLERANCE


def _of(programs, saved):
    """The saved rows of these programs only."""
    return {name: row for name, row in saved["rows"].items() if row["program"] in programs}


def compare_ratios(saved, now, programs):
    """Prints the table; the names of the rows of `programs` that are worse."""
    rows = {name: row["ratio"] for name, row in _of(programs, saved).items()}
    print(f"\n{'time, ours / bare':<54} {'saved':>8} {'now':>8} {'change':>8}")
    worse = []
    for name, ratio in rows.items():
        if name not in now:
            print(f"{name:<54} {ratio:>8.3f} {'GONE':>8}")
        else:
            print(f"{name:<54} {ratio:>8.3f} {now[name]:>8.3f} {now[name] / ratio - 1:>+8.1%}"
                  f" {'WORSE' if is_worse(ratio, now[name]) else ''}")
        if name not in now or is_worse(ratio, now[name]):
            worse.append(name)
    for name in now.keys() - rows.keys():
        print(f"{name:<54} {'-':>8} {now[name]:>8.3f} not saved")
    return worse


def _compare_count(name, saved, now):
    """Prints a row's two counts; whether either is worse."""
    over = is_worse(saved["instructions"], now["instructions"])
    over |= now["system_calls"] > saved["system_calls"] + MORE_CALLS
    change = now["instructions"] / saved["instructions"] - 1
    print(f"{name:<48} {saved['instructions']:>10.0f} {now['instructions']:>10.0f} {change:>+8.1%}"
          f" {saved['system_calls']:>8.2f} {now['system_calls']:>8.2f} {'WORSE' if over else ''}")
    return over


def compare_counts(saved, now, programs, backings):
    """Prints the table; the names of the rows that are worse. `backings`: what this kernel has."""
    rows = _of(programs, saved)
    worse = []
    for backing in backings:
        print(f"\n{f'per operation, {backing} backing':<48}"
              f" {'instructions: saved, now, change':^30} {'calls: saved, now':^17}")
        for name in sorted(rows.keys() | now.keys()):
            before = rows.get(name, {}).get(backing)
            after = now.get(name, {}).get(backing)
            if before and after:
                worse += [f"{name}, {backing}"] if _compare_count(name, before, after) else []
            elif before:
                print(f"{name:<48} GONE")
                worse.append(f"{name}, {backing}")
            elif after:
                print(f"{name:<48} not saved")
    return worse


def verdict(worse):
    """Prints what is worse; the exit status."""
    print(f"\n{len(worse)} worse than saved by more than {TOLERANCE - 1:.0%} (or by a system call):"
          if worse else "\nNothing is worse than saved.")
    for name in worse:
        print(f"  {name}")
    return 1 if worse else 0
