"""What a figure was measured on."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from index.encoders.onnx.cpu import usable_cores

_TOLD = ("avx2", "avx512f", "avx512_vnni", "avx_vnni", "amx_int8", "asimddp")


def machine_facts(packages: Sequence[str] = ()) -> dict[str, Any]:
    """Processor, cores, memory, how busy the machine was, and versions of Python and of packages installed."""
    lines = _lines("/proc/cpuinfo")
    flags = next((line.split(":", 1)[1].split() for line in lines if line.startswith(("flags", "Features"))), [])
    model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "")
    total = next((int(line.split()[1]) // 1024 for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "processor": model or platform.processor(),
        "features": [flag for flag in _TOLD if flag in flags],
        "cores": usable_cores(),
        "memory MB": total,
        "load average": [round(load, 2) for load in os.getloadavg()],
        "python": platform.python_version(),
        "packages": {name: version for name in packages if (version := version_of(name))},
    }


def version_of(package: str) -> str:
    """A package's version; empty where it is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def memory_mb(field: str = "VmRSS") -> float:
    """Memory of this process in MB, as Linux counts it: `VmRSS` now, `VmHWM` at most so far."""
    found = next((line for line in _lines("/proc/self/status") if line.startswith(field)), "")
    return round(int(found.split()[1]) / 1024, 1) if found else 0.0


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
