"""Whether this processor is fast at 8-bit products, and how many of its cores may be used."""

from __future__ import annotations

import os
import platform
from pathlib import Path

_CPUINFO = Path("/proc/cpuinfo")
_NEEDED = {"x86_64": "avx2", "aarch64": "asimddp"}
"""The CPU feature that makes 8-bit sums fast, by architecture, as Linux names it."""


def slow_in_bytes(cpuinfo: Path = _CPUINFO, machine: str | None = None) -> str:
    """Why 8-bit arithmetic would be slow on this processor; empty where it is fast or unknown."""
    needed = _NEEDED.get(machine or platform.machine())
    if needed is None or not cpuinfo.is_file():
        return ""
    lines = cpuinfo.read_text(encoding="ascii", errors="replace").splitlines()
    features = next((line for line in lines if line.startswith(("flags", "Features"))), "")
    return "" if needed in features.split() else f"the processor has no {needed}"


def usable_cores() -> int:
    """Cores this process may run on."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1
