"""AsciiDoc: the common part of it."""

from __future__ import annotations

import re

import pytest

from index.errors import SourceError
from index.records import NotPublished
from index.settings import SourceSettings
from index.sources.asciidoc import read
from index.sources.draft_post import DraftPost
from index.text.markdown import markdown_structure
from index.visible import VisibleText
from tests.index.sources.conftest import Written

SETTINGS = SourceSettings()


def one(written: Written, text: str) -> DraftPost:
    (draft,) = read(written("a-page.adoc", text), SETTINGS)
    assert isinstance(draft, DraftPost)
    return draft


def shown(draft: DraftPost) -> str:
    """What a reader sees, without blank lines."""
    return re.sub(r"\n+", "\n", VisibleText(draft.body, markdown_structure(draft.body).pieces).text)


def test_the_header_states_facts(written: Written) -> None:
    header = "= The Mill\nMira Holt <m@e.org>; Ben Ode\nv1.2, 2024-03-02\n:toc:\n:page-lang: en\n"
    draft = one(written, f"{header}\nIt turns.\n")
    assert (draft.title, draft.authors, draft.published, draft.language) == (
        "The Mill",
        ("Mira Holt", "Ben Ode"),
        "2024-03-02",
        "en",
    )
    assert shown(draft) == "It turns."


def test_front_matter_and_attributes_state_facts(written: Written) -> None:
    draft = one(written, "---\ntitle: T\ndate: 2024-03-02\n---\nIt turns.\n")
    assert (draft.title, draft.published) == ("T", "2024-03-02")
    draft = one(written, "= T\n:author: Mira Holt\n:revdate: 2024-03-02\n\nIt turns.\n")
    assert (draft.title, draft.authors, draft.published) == ("T", ("Mira Holt",), "2024-03-02")
    for attribute in (":jbake-status: draft", ":draft:", ":page-published: false"):
        (held_back,) = read(written("b.adoc", f"= T\n{attribute}\n\nWords.\n"), SETTINGS)
        assert isinstance(held_back, NotPublished)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("It *turns* _slowly_ by `x_y` and <b>.", "It turns slowly by x_y and <b>."),
        ("See https://e.org[the site], link:a.html[this], <<tolls,the tolls>>.", "See the site, this, the tolls."),
        ("// hidden\nWords.\n\n////\nhidden too\n////", "Words."),
        ("include::a.adoc[]\nWords.\n\nimage::wheel.png[A wheel]", "Words."),
        ("* rope\n** thin\n* sack", "- rope\n- thin\n- sack"),
        (". Open\n. Oil", "1. Open\n2. Oil"),
        ("Wheel:: It turns.", "- Wheel: It turns."),
        ("NOTE: Keep it shut.", "NOTE: Keep it shut."),
        ("[source,python]\n----\nx = *1*\n----", "x = *1*"),
        ("....\nas it is\n....", "as it is"),
        ("====\nAn example.\n====", "An example."),
        ('[options="header"]\n|===\n|Grain |Toll\n|Rye |7\n|Oats\n|5\n|===', "Grain | Toll\nRye | 7\nOats | 5"),
        ("|===\n|Rye |7\n|Oats |5\n|===", "Rye | 7\nOats | 5"),
        ("|===\n|Grain|Toll\n\n|Rye\ngrains|7\n|===", "Grain | Toll\nRye grains | 7"),
        ('[cols="1,2"]\n|===\n|Grain\n|Toll\n\n|Rye\n|7\n|===', "Grain | Toll\nRye | 7"),
        ("[%header]\n,===\nGrain,Toll\nRye,7\n,===", "Grain | Toll\nRye | 7"),
        ("[quote, Ann Lee]\n____\nIt *turns*.\n____\nWords.", "It turns.\n— Ann Lee\nWords."),
        ("Version {version}, {{ not.a.tag }}.", "Version 3.1, {{ not.a.tag }}."),
    ],
)
def test_what_a_reader_sees_is_the_text(written: Written, source: str, text: str) -> None:
    assert shown(one(written, f"= The Mill\n:version: 3.1\n\nFirst words.\n\n{source}\n")) == f"First words.\n{text}"


def test_sections_are_headings(written: Written) -> None:
    assert one(written, "= T\n\nWords.\n\n== Tolls\n\nSeven.\n").body.split() == "Words. ## Tolls Seven.".split()


@pytest.mark.parametrize("text", ["|===\n" * 500, "----\n", "=" * 10_000, "[[" * 5_000, "*" * 5_000, "`+" * 5_000])
def test_hostile_text_is_read(written: Written, text: str) -> None:
    assert one(written, f"= T\n\n{text}").title == "T"


def test_quotes_inside_each_other_without_end_are_refused(written: Written) -> None:
    nested = "\n".join("_" * length for length in range(4, 1_500))
    with pytest.raises(SourceError, match="broken AsciiDoc"):
        one(written, f"= T\n\n{nested}")
