"""One pattern tells what stands before an item of a list."""

from __future__ import annotations

import re

import pytest

from index.text.blocks import BlockKind, blocks
from index.text.list_markers import ITEM_MARKER, LIST_MARKER


@pytest.mark.parametrize("marker", ["-", "*", "+", "•", "‣", "◦", "▪", "–", "1.", "12)", "(3)", "(4."])
def test_bullets_and_numbers_are_list_markers(marker: str) -> None:
    assert re.sub(f"^{LIST_MARKER}", "", f"{marker}  words") == "words"


@pytest.mark.parametrize("text", ["J. Smith", "a) words", "1234. words", "1.5 metres", "-5 degrees", "*bold* words"])
def test_words_and_figures_are_none(text: str) -> None:
    assert re.match(LIST_MARKER, text) is None


@pytest.mark.parametrize("marker", ["-", "◦", "1.", "(2)", "a)", "(b)", "C."])
def test_a_line_with_a_marker_is_an_item(marker: str) -> None:
    assert re.sub(f"^{ITEM_MARKER}", "", f"{marker} words") == "words"
    assert [block.kind for block in blocks(f"{marker} words")] == [BlockKind.ITEM]
