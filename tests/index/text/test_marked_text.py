"""Text of pages and PDFs: its marks are hidden, everything else is as it stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.marked_text import marked_structure
from index.visible import VisibleText


def seen(body: str) -> str:
    """What is visible of a text with marks."""
    return VisibleText(body, marked_structure(body, 0.0).pieces).text


@pytest.mark.parametrize(
    ("body", "visible"),
    [
        ("### The kiln\n\nIt is *hot* at 5 # 6.", "The kiln\n\nIt is *hot* at 5 # 6."),
        ("Text.\n\n```\n# no heading\n| x |\n```\n\nMore.", "Text.\n\n# no heading\n| x |\n\nMore."),
        ("| Grain | Toll |\n|---|---|\n| rye | 7 \\| 8 |", "Grain | Toll\nrye | 7 | 8"),
        ("| rye | 7 |\n| oats | 5 |", "rye | 7\noats | 5"),
        ("- oil\n- rope", "- oil\n- rope"),
    ],
)
def test_marks_of_headings_tables_and_code_are_not_visible(body: str, visible: str) -> None:
    assert seen(body) == visible


@given(st.text(alphabet="ab |#`-\n\\.", max_size=80))
def test_pieces_follow_each_other_whatever_the_text(body: str) -> None:
    structure = marked_structure(body, 0.0)
    places = [place for piece in structure.pieces for place in (piece.start, piece.end)]
    assert places == sorted(places)
    assert all(0 <= piece.start < piece.end <= len(body) for piece in structure.pieces)
