"""What the reader sees of a piece of Markdown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.records import SentenceKind
from qa.reading.plain_text import plain_text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('Use [the docs](https://docs.example/a(b) "t") and [this][1].', "Use the docs and this."),
        ("Call `datasette publish` with **--name**, *not* _now_.", "Call datasette publish with --name, not now."),
        ("snake_case_name and 2 * 3 * 4 stay", "snake_case_name and 2 * 3 * 4 stay"),
        ("## A heading", "A heading"),
        ("> - a quoted item", "a quoted item"),
        ("1. the first step", "1. the first step"),
        ("Look: ![A chart of prices](chart.png) here", "Look: here"),
        ("<b>Bold</b> &amp; more<br/>text", "Bold & more text"),
        ("See {% post_url 2014-01-01-x %}now", "See now"),
        ("It is at https://example.com/a/b?q=1#top now", "It is at example.com/a/b now"),
        ("<https://example.com/" + "x" * 60 + ">", "example.com"),
        ("[1]: https://example.com", ""),
    ],
)
def test_marks_and_link_targets_are_gone(text: str, shown: str) -> None:
    assert plain_text(text) == shown


def test_a_row_is_its_cells() -> None:
    assert plain_text("| Name | **Price** |\n|---|:---:|", SentenceKind.ROW) == "Name, Price"


def test_code_keeps_its_characters_but_for_the_fence() -> None:
    assert plain_text("```sh\ncurl -s `pwd` | jq\n```", SentenceKind.CODE) == "curl -s `pwd` | jq"


@given(st.text(max_size=200), st.sampled_from(list(SentenceKind)))
def test_any_text_becomes_one_line(text: str, kind: SentenceKind) -> None:
    shown = plain_text(text, kind)
    assert shown == " ".join(shown.split())
