"""Measurements in processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
_OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


def run_module(python: str, module: str, *arguments: object, one_thread: bool = False) -> dict[str, Any] | None:
    """The last line that a module of this project printed, which is JSON; None where it fails, which is reported."""
    done = _run([python, "-m", module, *map(str, arguments)], _ONE_THREAD if one_thread else {})
    if done.returncode != 0:
        sys.stderr.write(f"{module} {' '.join(map(str, arguments[:2]))}: {done.stderr.strip().splitlines()[-1:]}\n")
        return None
    measured: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return measured


def cold_seconds(python: str, module: str, *arguments: object, **environment: str) -> float | None:
    """Wall time of a whole process; None where it fails. `qa ask` ends with 1 where it refuses."""
    begun = time.perf_counter()
    done = _run([python, "-m", module, *map(str, arguments)], environment)
    return time.perf_counter() - begun if done.returncode in {0, 1} and done.stdout.strip() else None


def _run(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    known = {**os.environ, **_OFFLINE, **environment, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=known)
