"""The comparison with other systems: shares and differences with intervals, what is kept, and the pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.blogs.page import peers_section, quality_section
from benchmarks.blogs.results import OURS, Cell, Results, difference, label, mean_of
from benchmarks.blogs.systems import CROSS_ENCODER, PLAIN
from benchmarks.page import write_around_sections, write_section

ENCODER = "all-MiniLM-L6-v2"


def cell(system: str, *, hits: str, median: float = 10.0, corpus: str = "xquad-en", reader: str = "") -> Cell:
    """A cell whose measures all have the same hits."""
    names = ["post@1", "passage@1", "passage@3", "passage@8", "encoder's sentence@1", "encoder's sentence@3"]
    if system == OURS:
        names += ["sentence@1", "sentence@3", "quote@1", "quote@3", "shown"]
    return Cell(
        corpus=corpus, system=system, encoder=ENCODER, reader=reader, gold="g", hits=dict.fromkeys(names, hits),
        median=median, p95=median, megabytes=100, passages=20, seconds=4.0, versions="x 1", measured="now",
    )  # fmt: skip


def test_a_share_lies_inside_its_wilson_interval() -> None:
    share = cell(PLAIN, hits="1110").share("passage@1")
    assert share is not None
    assert share.value == 0.75
    # Wilson 1927 for 3 of 4
    assert (share.low, share.high) == pytest.approx((0.301, 0.954), abs=0.001)


def test_a_difference_is_paired_by_question() -> None:
    same = difference([1, 0, 1, 0], [1, 0, 1, 0])
    assert same == (0.0, 0.0, 0.0)
    better = difference([1, 1, 1, 1], [1, 1, 0, 0])
    assert better.value == 0.5
    assert 0 <= better.low < 0.5 < better.high <= 1


def test_corpora_have_the_same_weight_however_many_questions_they_have() -> None:
    assert mean_of([cell(OURS, hits="1"), cell(OURS, hits="0000")], "passage@1").value == 0.5


def test_a_cell_is_kept_over_runs_and_measured_again_with_other_questions(tmp_path: Path) -> None:
    first = cell(PLAIN, hits="10")
    Results().added(first).write(tmp_path / "blogs.json")
    kept = Results.read(tmp_path / "blogs.json")
    assert kept.has(first.key, "g")
    assert not kept.has(first.key, "of other questions")
    assert kept.added(cell(PLAIN, hits="11")).cells == (cell(PLAIN, hits="11"),)


def test_the_page_compares_with_the_reranked_pair_of_the_same_questions() -> None:
    ours, pair = cell(OURS, hits="11", median=10, reader="fast"), cell(CROSS_ENCODER, hits="10", median=45)
    section = quality_section(Results(cells=(pair, ours)))
    assert "| xquad-en | 4.5 | +0.50 [+0.00, +1.00] |" in section
    assert section.index(f"| {ours.label} |") < section.index(f"| {CROSS_ENCODER} |")
    assert "### Against" not in quality_section(Results(cells=(ours,)))


def test_the_speed_table_gives_medians_of_starts_and_how_many_times_longer_others_take() -> None:
    ours = cell(OURS, hits="11", median=2, reader="fast")
    starts = {label(OURS, ENCODER, "fast"): (1.0, 9.0, 2.0), PLAIN: (12.0,)}
    section = peers_section(Results(cells=(ours, cell(PLAIN, hits="10")), starts=starts))
    assert f"| {ours.label} | 2 | 5 | 2 | 2 | 100 |" in section
    assert f"| {PLAIN} | 12 | 5 | 10 | 10 | 100 |" in section
    assert f"{PLAIN} takes 6.0 times as long" in section


def test_a_section_replaces_only_what_stands_between_its_marks(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text("# Performance\n\nBefore.\n\n<!-- peers -->\nold\n<!-- /peers -->\n\nAfter.\n", encoding="utf-8")
    write_section(page, "peers", "Beside others", "new")
    text = page.read_text(encoding="utf-8")
    assert "\nold\n" not in text
    assert "\nnew\n" in text
    assert "Before." in text
    assert "After." in text


def test_a_page_written_anew_keeps_the_sections_of_other_benchmarks(tmp_path: Path) -> None:
    page = tmp_path / "quality.md"
    page.write_text("# Quality\n\nold\n", encoding="utf-8")
    write_section(page, "blogs", "Beside others", "theirs")
    write_around_sections(page, "# Quality\n\nnew\n")
    text = page.read_text(encoding="utf-8")
    assert text == "# Quality\n\nnew\n\n## Beside others\n\n<!-- blogs -->\ntheirs\n<!-- /blogs -->\n"
