"""Org: the common part of it."""

from __future__ import annotations

import re

import pytest

from index.records import NotPublished
from index.settings import SourceSettings
from index.sources.draft_post import DraftPost
from index.sources.org import read
from index.text.markdown import markdown_structure
from index.visible import VisibleText
from tests.index.sources.conftest import Written

SETTINGS = SourceSettings()


def one(written: Written, text: str) -> DraftPost:
    (draft,) = read(written("a-page.org", text), SETTINGS)
    assert isinstance(draft, DraftPost)
    return draft


def shown(draft: DraftPost) -> str:
    """What a reader sees, without blank lines."""
    return re.sub(r"\n+", "\n", VisibleText(draft.body, markdown_structure(draft.body).pieces).text)


def test_keywords_state_facts(written: Written) -> None:
    draft = one(
        written, "#+TITLE: The Mill\n#+author: Mira Holt\n#+date: <2024-03-02 Sat>\n#+options: toc:nil\n\nIt turns.\n"
    )
    assert (draft.title, draft.authors, draft.published) == ("The Mill", ("Mira Holt",), "2024-03-02")
    assert shown(draft) == "It turns."
    draft = one(written, ":PROPERTIES:\n:ID: abc\n:END:\n#+title: T\n#+hugo_publishdate: 2024-03-02\n\nIt turns.\n")
    assert (draft.title, draft.published) == ("T", "2024-03-02")
    (held_back,) = read(written("b.org", "#+title: T\n#+hugo_draft: true\n\nWords.\n"), SETTINGS)
    assert isinstance(held_back, NotPublished)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("It *turns* /slowly/ by =x_y= and ~z*z*~, <b>, a/b/c.", "It turns slowly by x_y and z*z*, <b>, a/b/c."),
        ("See [[https://e.org][the site]] or [[*Tolls]]. [[./wheel.png]]", "See the site or Tolls."),
        ("# hidden\nWords.\n\n#+begin_comment\nhidden\n#+end_comment", "Words."),
        (":LOGBOOK:\n- hidden\n:END:\nSCHEDULED: <2024-03-02 Sat>\nWords.", "Words."),
        ("- rope\n  - thin\n- sack", "- rope\n- thin\n- sack"),
        ("1) Open\n2) Oil", "1. Open\n2. Oil"),
        ("- Wheel :: It turns.", "- Wheel: It turns."),
        ("#+begin_src python :results output\n  x = *1*\n#+end_src", "x = *1*"),
        ("#+begin_quote\nSaid the miller.\n#+end_quote", "Said the miller."),
        ("| Grain | Toll |\n|---+---|\n| Rye | 7 |", "Grain | Toll\nRye | 7"),
        ("| Rye | 7 |\n| Oats | 5 |", "Rye | 7\nOats | 5"),
        ("Not {{ a.tag }}.", "Not {{ a.tag }}."),
    ],
)
def test_what_a_reader_sees_is_the_text(written: Written, source: str, text: str) -> None:
    assert shown(one(written, f"#+title: The Mill\n\nFirst words.\n\n{source}\n")) == f"First words.\n{text}"


def test_headlines_are_headings_without_keywords_and_tags(written: Written) -> None:
    draft = one(written, "#+title: T\n\nWords.\n\n* TODO [#A] Tolls :mill:\nSeven.\n** Rye\nTwo.\n")
    assert draft.body.split() == "Words. ## Tolls Seven. ### Rye Two.".split()


def test_headings_that_are_not_exported_are_hidden_with_all_below_them(written: Written) -> None:
    text = (
        "#+title: T\n* A\nSeen.\n** COMMENT B\nsecret 1\n*** C\nsecret 2\n** TODO D\nSeen too.\n"
        "* E :x:noexport:\nsecret 3\n* F :ARCHIVE:\nsecret 4\n* G\nAt last.\n"
    )
    assert shown(one(written, text)) == "A\nSeen.\nD\nSeen too.\nG\nAt last."


def test_text_below_a_table_is_kept(written: Written) -> None:
    assert "Words." in shown(one(written, "#+title: T\n| Rye | 7 |\nWords.\n"))


@pytest.mark.parametrize("text", ["|\n" * 500, "#+begin_src\n", "[[" * 5_000, "*" * 5_000, "=" * 5_000, "/a" * 5_000])
def test_hostile_text_is_read(written: Written, text: str) -> None:
    assert one(written, f"#+title: T\n\n{text}").title == "T"
