"""The benchmark programs: what each is made of, how it is built and run."""
import json
import os
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent

HARNESS = ["bench.c", "bench_count.c", "bench_options.c", "bench_report.c", "bench_statistics.c",
           "bench_threads.c", "bare_linux.c"]
ALLOCATOR = ["../programs/small_allocator/" + name for name in (
    "allocator.c", "chunk.c", "large.c", "pages.c", "word_index.c", "virtual_page_source.c")]
INDEXING = ["indexing.c", "mapped_page_source.c", *ALLOCATOR]
SOURCES = {
    "reserve_rows": [],
    "huge_rows": [],
    "commit_rows": [],
    "fault_row": [],
    "seh_rows": [],
    "sparse_row": [],
    "lone_page_rows": [],
    "handler_rows": [],
    "page_rows": [],
    "code_rows": [],
    "start_up_row": [],
    "thread_rows": [],
    "allocator_rows": INDEXING,
    "populated_rows": INDEXING,
    "scale_reservations": ["scale.c"],
    "scale_page_runs": ["scale.c"],
}
# Not for a verdict on the library: what the kernel asks for fresh memory.
STUDIES = {"first_touch_rows": ["first_touch_ways.c", "first_touch_memory.c"]}
NOT_COUNTABLE = 3  # the programs' exit status for a row or side that cannot be counted


def add_options(parser):
    """The options that say what is built against what."""
    parser.add_argument("--programs", nargs="+", choices=SOURCES | STUDIES, default=list(SOURCES))
    parser.add_argument("--include", type=Path, default=ROOT / "Include")
    parser.add_argument("--library", type=Path, default=ROOT / "build/libwin32memory.so")
    parser.add_argument("--build", type=Path, default=ROOT / "build/bench", metavar="FOLDER")


def _build(program, arguments):
    target = arguments.build / program
    library_folder = arguments.library.resolve().parent
    command = [os.environ.get("CC", "gcc"), "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Wpedantic",
               f"-I{arguments.include}", program + ".c", *(SOURCES | STUDIES)[program], *HARNESS,
               f"-L{library_folder}", "-lwin32memory", "-pthread",
               f"-Wl,-rpath,{library_folder}", "-o", str(target)]
    subprocess.run(command, cwd=HERE, check=True)
    return target


def build_all(arguments):
    """The built programs by name."""
    if not arguments.library.exists():
        raise SystemExit(f"{arguments.library} is not built yet; `make` builds it")
    arguments.build = arguments.build.resolve()
    arguments.build.mkdir(parents=True, exist_ok=True)
    return {program: _build(program, arguments) for program in arguments.programs}


def countable(targets):
    """Those whose rows are made of batches that can run under a counter."""
    def is_countable(target):
        probe = subprocess.run([str(target), "--only", "none", "--count", "ours", "1"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return probe.returncode != NOT_COUNTABLE
    return {program: target for program, target in targets.items() if is_countable(target)}


def run(target, arguments, *options):
    """Lets the program print its rows; returns its status and the rows."""
    with tempfile.NamedTemporaryFile(mode="r", suffix=".json") as rows:
        command = [str(target), "--json", rows.name, *options]
        command += ["--quick"] if arguments.quick else []
        environment = os.environ | {"BENCH_LIBRARY": str(arguments.library.resolve())}
        status = subprocess.run(command, env=environment).returncode
        return status, [{"program": target.name} | json.loads(line) for line in rows]
