"""Every fuzzing target for its share of the time, and what came of it.

Usage: python -m benchmarks.fuzz [--seconds 1800] [--json FILE] [--render]

Needs the extra `fuzz`. A broken promise is kept as tests/fuzzing/findings/TARGET/…, where `make test` tries it
from then on; the exit code is 1 then.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.machine import machine_facts
from benchmarks.page import markdown, write_section
from index.encoders.onnx.cpu import usable_cores
from tests.fuzzing.targets import TARGETS

_RESULTS = Path("benchmarks/results/fuzz.json")
_PAGE = Path("docs/operations.md")
_FINDINGS = Path("tests/fuzzing/findings")
_SLOWEST = 20  # seconds for one input
_MEGABYTES = 4_096


def fuzzed(name: str, seconds: int) -> dict[str, Any]:
    """One target for so long, or until it breaks a promise."""
    with tempfile.TemporaryDirectory() as place:
        found = _fuzzed(name, seconds, Path(place))
    sys.stderr.write(f"{name}: {found}\n")
    return found


def _fuzzed(name: str, seconds: int, folder: Path) -> dict[str, Any]:
    done = subprocess.run(
        [
            sys.executable, "-m", "tests.fuzzing.fuzz", name, str(folder / "kept"), f"-max_total_time={seconds}",
            f"-timeout={_SLOWEST}", f"-rss_limit_mb={_MEGABYTES}", f"-artifact_prefix={folder}/", "-max_len=8192",
            "-print_final_stats=1",
        ],
        capture_output=True, text=True, errors="replace", check=False,
    )  # fmt: skip
    found = [path for path in folder.iterdir() if path.is_file()]
    for path in found:
        (_FINDINGS / name).mkdir(parents=True, exist_ok=True)
        shutil.copy(path, _FINDINGS / name / path.name[:24])
    executed = re.findall(r"number_of_executed_units:\s*(\d+)", done.stderr)
    covered = re.findall(r"cov: (\d+)", done.stderr)
    if not executed or (done.returncode and not found):
        raise RuntimeError(f"{name}: {done.stderr[-2_000:]}")
    if found:
        sys.stderr.write(f"{name}: {done.stderr[-3_000:]}\n")
    return {"inputs": int(executed[-1]), "branches": int(covered[-1]) if covered else 0, "broken": len(found)}


def section(results: dict[str, Any]) -> str:
    """The figures as Markdown."""
    rows = [["target", "inputs tried", "branches reached", "promises broken"]]
    rows += [[name, *(f"{row[key]:,}" for key in ("inputs", "branches", "broken"))] for name, row in results.items()]
    return markdown(rows)


def main() -> None:
    """Fuzz, keep what was found, and write the figures into docs/operations.md."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument(
        "--seconds", type=int, default=1_800, help="for all targets together, as many at a time as there are cores"
    )
    parser.add_argument("--json", type=Path, default=_RESULTS)
    parser.add_argument("--render", action="store_true", help="write the page from the figures measured last")
    options = parser.parse_args()
    if not options.render:
        share = options.seconds // len(TARGETS)
        with ThreadPoolExecutor(usable_cores()) as pool:
            found = dict(zip(TARGETS, pool.map(lambda name: fuzzed(name, share), TARGETS), strict=True))
        results = {"machine": machine_facts(("atheris",)), "seconds": options.seconds, "targets": found}
        options.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    results = json.loads(options.json.read_text(encoding="utf-8"))
    told = f"`make fuzz`, {results['seconds'] / 60:.0f} minutes in all:\n\n{section(results['targets'])}"
    write_section(_PAGE, "fuzz", "Fuzzing", told)
    print(told)
    sys.exit(any(row["broken"] for row in results["targets"].values()))


if __name__ == "__main__":
    main()
