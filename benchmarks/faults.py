"""Every fault test in full, and what came of it.

Usage: python -m benchmarks.faults [--json FILE] [--render]

Runs tests/faults with QA_FAULTS=all: each named step, 200 random kills, disks full down to the last byte, every
file damaged in hundreds of ways, 50 rebuilds under asking threads.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET  # pytest's own report

from benchmarks.machine import machine_facts
from benchmarks.page import markdown, write_section

_RESULTS = Path("benchmarks/results/faults.json")
_PAGE = Path("docs/operations.md")
_FAILED = ("failure", "error")


def measured() -> dict[str, Any]:
    """How many cases of each test passed, failed and were skipped."""
    with tempfile.TemporaryDirectory() as place:
        report = Path(place) / "report.xml"
        subprocess.run(
            [sys.executable, "-m", "pytest", "tests/faults", f"--junitxml={report}"],
            env={**os.environ, "QA_FAULTS": "all"}, check=False,
        )  # fmt: skip
        cases = list(ET.parse(report).iter("testcase"))  # noqa: S314
    tests: dict[str, Counter[str]] = {}
    for case in cases:
        name = str(case.get("name")).partition("[")[0].removeprefix("test_").replace("_", " ")
        ends = [child.tag for child in case]
        outcome = "failed" if set(ends) & set(_FAILED) else "skipped" if "skipped" in ends else "passed"
        tests.setdefault(name, Counter())[outcome] += 1
    return {
        "machine": machine_facts(("pytest", "faiss-cpu")),
        "tests": {name: dict(found) for name, found in tests.items()},
        "violations": sum(found["failed"] for found in tests.values()),
    }


def section(results: dict[str, Any]) -> str:
    """The figures as Markdown."""
    outcomes = ("passed", "failed", "skipped")
    rows = [["what is tried", *outcomes]]
    rows += [[name, *(str(found.get(one, 0)) for one in outcomes)] for name, found in results["tests"].items()]
    return f"`make faults`, violations: {results['violations']}.\n\n{markdown(rows)}"


def main() -> None:
    """Run, keep the figures, and write them into docs/operations.md."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--json", type=Path, default=_RESULTS)
    parser.add_argument("--render", action="store_true", help="write the page from the figures measured last")
    options = parser.parse_args()
    if not options.render:
        options.json.write_text(json.dumps(measured(), indent=1) + "\n", encoding="utf-8")
    results = json.loads(options.json.read_text(encoding="utf-8"))
    write_section(_PAGE, "faults", "Faults", section(results))
    print(section(results))
    sys.exit(bool(results["violations"]))


if __name__ == "__main__":
    main()
