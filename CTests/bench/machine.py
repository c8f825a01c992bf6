"""What a measurement depends on: kernel, processor, memory settings, other load."""
import os
import platform
from pathlib import Path


def _processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def _setting(path):
    try:
        return Path(path).read_text().strip()
    except OSError:
        return "not there"


def describe():
    return {
        "kernel": f"{platform.system()} {platform.release()}",
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "vm.max_map_count": _setting("/proc/sys/vm/max_map_count"),
        "vm.overcommit_memory": _setting("/proc/sys/vm/overcommit_memory"),
        "transparent huge pages": _setting("/sys/kernel/mm/transparent_hugepage/enabled"),
        "backing": os.environ.get("WIN32MEMORY_BACKING", "chosen by the library"),
        "load before": "%.2f over the last minute" % os.getloadavg()[0],
    }
