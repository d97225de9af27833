"""The visible structure of a body."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.blocks import BlockKind, blocks

HEADING, PARAGRAPH, ITEM, ROW, HEADER, CODE = BlockKind

PROSE = "The keeper climbed the stairs every night and lit the lamp, for nobody else would have done it for him."


def _seen(body: str) -> list[tuple[BlockKind, str]]:
    return [(block.kind, body[block.start : block.end]) for block in blocks(body)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("# Title", [(HEADING, "# Title")]),
        ("Title\n=====\n\nText.", [(HEADING, "Title\n====="), (PARAGRAPH, "Text.")]),
        ("The keeper\n\nText goes on.", [(PARAGRAPH, "The keeper"), (PARAGRAPH, "Text goes on.")]),
        (f"The keeper\n\n{PROSE}", [(PARAGRAPH, "The keeper"), (PARAGRAPH, PROSE)]),
        (
            f"The keeper\n\n{PROSE}\n\nWho came after?\n\n{PROSE}",
            [(HEADING, "The keeper"), (PARAGRAPH, PROSE), (HEADING, "Who came after?"), (PARAGRAPH, PROSE)],
        ),
        (
            f"The keeper\n{PROSE}\n\nThe boat\n{PROSE}",
            [(HEADING, "The keeper"), (PARAGRAPH, PROSE), (HEADING, "The boat"), (PARAGRAPH, PROSE)],
        ),
        ("Who kept it?\n\nNobody.", [(PARAGRAPH, "Who kept it?"), (PARAGRAPH, "Nobody.")]),
        (
            "Oil the shaft\n\nBran is free\n\nNo dogs",
            [(PARAGRAPH, t) for t in ("Oil the shaft", "Bran is free", "No dogs")],
        ),
        (
            f"Figure 1: The lamp\n\n{PROSE}\n\nFigure 2: The boat\n\n{PROSE}",
            [(PARAGRAPH, t) for t in ("Figure 1: The lamp", PROSE, "Figure 2: The boat", PROSE)],
        ),
        (
            "灯台守の話\n\n灯台は1874年に建てられた\n\n船が沈んだ",
            [(PARAGRAPH, t) for t in ("灯台守の話", "灯台は1874年に建てられた", "船が沈んだ")],
        ),
        ("โรงสีเปิดในปี 1744\n\nค่าโม่ข้าว 7 บาท", [(PARAGRAPH, "โรงสีเปิดในปี 1744"), (PARAGRAPH, "ค่าโม่ข้าว 7 บาท")]),
        ("Day: Monday\nHall: 4\nEntry: free\nEnd: noon", [(PARAGRAPH, "Day: Monday\nHall: 4\nEntry: free\nEnd: noon")]),
        ("a | b\n--|--\n1 | 2\n3 | 4", [(HEADER, "a | b\n--|--"), (ROW, "1 | 2"), (ROW, "3 | 4")]),
        ("It was cold.\n\nIt rained.", [(PARAGRAPH, "It was cold."), (PARAGRAPH, "It rained.")]),
        ("one line\nand its end.", [(PARAGRAPH, "one line\nand its end.")]),
        ("Bring:\n- rope\n- a lamp", [(PARAGRAPH, "Bring:"), (ITEM, "- rope"), (ITEM, "- a lamp")]),
        ("1. Go.\n2. Stop\n   there.", [(ITEM, "1. Go."), (ITEM, "2. Stop\n   there.")]),
        ("a) one\nb) two", [(ITEM, "a) one"), (ITEM, "b) two")]),
        (
            "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |",
            [(HEADER, "| a | b |\n|---|---|"), (ROW, "| 1 | 2 |"), (ROW, "| 3 | 4 |")],
        ),
        ("```py\nx = 1\n\ny = 2\n```\nText.", [(CODE, "```py\nx = 1\n\ny = 2\n```"), (PARAGRAPH, "Text.")]),
        ("~~~\nnever closed\n\nat all", [(CODE, "~~~\nnever closed\n\nat all")]),
        ("import os\nfrom sys import path", [(CODE, "import os\nfrom sys import path")]),
        ("def f(a):\n    return a", [(CODE, "def f(a):\n    return a")]),
        ("$ make test", [(CODE, "$ make test")]),
        ("By Ada Brook\n\nText.", [(PARAGRAPH, "By Ada Brook"), (PARAGRAPH, "Text.")]),
        ("From here on it is cold.", [(PARAGRAPH, "From here on it is cold.")]),
        ("Import duties rose in May.", [(PARAGRAPH, "Import duties rose in May.")]),
    ],
)
def test_blocks_are_what_a_reader_sees(body: str, expected: list[tuple[BlockKind, str]]) -> None:
    assert _seen(body) == expected


@pytest.mark.parametrize(("body", "level"), [("# A", 1), ("### A", 3), ("A\n===", 1), ("A\n---", 2)])
def test_a_heading_knows_how_deep_it_stands(body: str, level: int) -> None:
    assert [block.level for block in blocks(body)] == [level]


def test_lines_that_each_begin_anew_are_rows_of_a_table() -> None:
    lines = ["Hive Place Year", "North Meadow 2019", "South Pier 2020", "East Wall 2021"]
    assert _seen("\n".join(lines)) == [(ROW, line) for line in lines]


def test_wrapped_prose_is_no_table() -> None:
    body = "The keeper climbed\nthe stairs and lit\nthe lamp while it\nrained on the rock"
    assert _seen(body) == [(PARAGRAPH, body)]


def test_a_list_of_five_thousand_items_is_as_many_blocks() -> None:
    assert len(blocks("- an item\n" * 5_000)) == 5_000


def test_a_table_of_five_thousand_rows_is_as_many_blocks() -> None:
    assert len(blocks("| a | b |\n" * 5_000)) == 5_000


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "",
                "  ",
                "# Head",
                "Head",
                "====",
                "---",
                "- item",
                "2) item",
                "   more of it",
                "| a | b |",
                "|---|---|",
                "```",
                "~~~",
                "x = f(1)",
                "    indented",
                "A sentence ends here.",
                "no end",
                "* * *",
                "\u00a0",
                PROSE,
            ]
        ),
        st.text(st.characters(exclude_characters="\n"), max_size=30),
    ),
    max_size=20,
).map("\n".join)


@given(LINES)
def test_blocks_are_in_order_and_hold_every_character_that_is_not_blank_once(body: str) -> None:
    found = blocks(body)
    assert all(0 <= block.start < block.end <= len(body) for block in found)
    assert all(before.end <= after.start for before, after in itertools.pairwise(found))
    covered = {at for block in found for at in range(block.start, block.end)}
    assert {at for at, letter in enumerate(body) if not letter.isspace()} <= covered
