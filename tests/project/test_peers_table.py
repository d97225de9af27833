"""The comparison with other systems: figures out of runs, ratios, and the page between its marks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks.page import write_section
from benchmarks.peers.run import figures, ratios, table

PLAIN = "sentence-transformers + FAISS"


def _run(start: float, seconds: float, milliseconds: list[float], found: list[list[str]]) -> dict[str, Any]:
    return {
        "build": {"passages": 10, "seconds": seconds, "versions": "x 1"},
        "start": {"wall seconds": start},
        "ask": {"milliseconds": milliseconds, "found": found, "peak megabytes": 100.0},
    }


def test_figures_are_medians_over_runs_and_quality_counts_every_question() -> None:
    runs = [
        _run(start, seconds, [1.0, 2.0, 9.0], [["a", "b"], ["b", "a"], []])
        for start, seconds in ((1.0, 1.0), (9.0, 5.0), (2.0, 2.0))
    ]
    found = figures(runs, [("a",), ("a",), ("a",)])
    assert found["cold start to answer, s"] == 2.0
    assert found["passages/s"] == 5.0
    assert found["question median, ms"] == 2.0
    assert found["recall@1"] == pytest.approx(1 / 3)


def test_a_ratio_says_how_many_times_better_this_project_is() -> None:
    ours = figures([_run(1.0, 1.0, [2.0, 2.0], [["a"], ["a"]])], [("a",), ("a",)])
    plain = figures([_run(6.0, 4.0, [8.0, 8.0], [["a"], ["a"]])], [("a",), ("a",)])
    assert ratios({"postqa": ours, PLAIN: plain}) == {"start": 6.0, "passages/s": 4.0, "question": 4.0, "memory": 1.0}


def test_the_table_replaces_only_what_stands_between_its_marks(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text("# Performance\n\nBefore.\n\n<!-- peers -->\nold\n<!-- /peers -->\n\nAfter.\n", encoding="utf-8")
    ours = figures([_run(1.0, 1.0, [2.0, 2.0], [["a"], ["a"]])], [("a",), ("a",)])
    results = {
        "machine": {"cores": "2", "processor": "P"}, "repeat": 1, "passages": 10, "questions": 2,
        "systems": {"postqa": ours}, "ratios": {},
    }  # fmt: skip
    write_section(page, "peers", "Beside others", table(results))
    text = page.read_text(encoding="utf-8")
    assert "\nold\n" not in text
    assert "Before." in text
    assert "After." in text
    assert "| postqa | 1 | 10 | 2 | 2 | 100 | 1 | 1 |" in text
