"""Instructions per call as reservations, or page runs, become many: counted, so the load is no matter."""
import instruction_counts

GROWTH_LIMIT = 1.5  # from the smallest size to any other
SIZES = {10: "10", 1000: "1,000", 100000: "100,000", 1000000: "1,000,000"}
PROGRAMS = {"scale_reservations": "live reservations", "scale_page_runs": "page runs"}
STEP = "scale_counted_step"  # a function


def _count(target, size):
    """Instructions per call, by call; nothing where so many are not possible."""
    counted = instruction_counts.run_counted(
        [str(target), "--count", "ours", str(size), "--one-batch"], STEP, {})
    if counted is None:
        return {}
    operations, *calls = counted[0].splitlines()
    return {call: sums[0] / int(operations) for call, sums in zip(calls, counted[1])}


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
