"""The comparison page: every cell of postqa's own names tests that exist, and every row is whole.

That links of a page point to files is held for all pages in tests/test_readme.py.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "compare.md").read_text(encoding="utf-8")
SYSTEMS = ["postqa", "kotaemon", "txtai", "paper-qa", "RAGFlow", "Open WebUI", "qmd"]
OWN = re.compile(r"(yes|partly|no|not proven)(?=$|[,:] | · )")
THEIRS = re.compile(r"(yes|partly|no|not found)(?=$|[,:;] | \()")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")


def _tables() -> list[list[list[str]]]:
    """Every table of the page as rows of cells, its line of dashes left out."""
    blocks = re.findall(r"(?:^\|.*\n)+", PAGE, re.M)
    rows = [[line.strip("|").split("|") for line in block.splitlines()] for block in blocks]
    return [[[cell.strip() for cell in row] for row in (table[0], *table[2:])] for table in rows]


ROWS = [row for table in _tables() for row in table[1:]]
PROVEN = [(row[0], row[1]) for row in ROWS if row[1].startswith(("yes", "partly"))]
TESTS = [(name, target) for _, cell in PROVEN for name, target in _LINK.findall(cell) if target.endswith(".py")]


@cache
def _functions(file: Path) -> frozenset[str]:
    """The functions that pytest collects from a file."""
    return frozenset(node.name for node in ast.parse(file.read_bytes()).body if isinstance(node, ast.FunctionDef))


def _anchor(heading: str) -> str:
    """A heading's anchor, as forges make it."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def test_every_table_has_the_same_systems_in_every_row() -> None:
    tables = _tables()
    assert len(tables) == 3
    assert len(ROWS) >= 30
    assert [table[0] for table in tables] == [["", *SYSTEMS]] * 3
    assert [row[0] for row in ROWS if len(row) != len(SYSTEMS) + 1] == []


def test_a_feature_stands_in_one_row() -> None:
    names = [row[0] for row in ROWS]
    assert all(names)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_every_cell_begins_with_a_verdict(row: list[str]) -> None:
    assert OWN.match(row[1]), row[1]
    assert [cell for cell in row[2:] if not THEIRS.match(cell)] == []


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_what_is_there_in_part_is_said_to_be_which_part(row: list[str]) -> None:
    assert [cell for cell in row[1:] if re.match(r"partly(?!: \S)", cell)] == []


@pytest.mark.parametrize(("feature", "cell"), PROVEN)
def test_what_postqa_has_is_proven_by_a_test(feature: str, cell: str) -> None:
    assert [target for _, target in _LINK.findall(cell) if target.startswith("../tests/")], feature


@pytest.mark.parametrize(("name", "target"), TESTS)
def test_every_test_that_is_named_exists(name: str, target: str) -> None:
    file = (DOCS / target).resolve()
    assert file.is_file(), target
    assert name.startswith("test_")
    assert name in _functions(file)


def test_every_place_in_a_page_that_is_linked_exists() -> None:
    for _, target in _LINK.findall(PAGE):
        page, _, anchor = target.partition("#")
        if anchor and not re.match(r"[a-z]+:", target):
            text = (DOCS / page).read_text(encoding="utf-8") if page else PAGE
            assert anchor in [_anchor(heading) for heading in re.findall(r"^#+ (.+)$", text, re.M)], target
