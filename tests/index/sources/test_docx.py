"""DOCX: what Word shows; within bounds."""

from __future__ import annotations

import pytest

from index.errors import SourceError
from index.settings import SourceSettings
from index.sources.docx import read
from index.sources.draft_post import DraftPost
from tests.archives import make_docx, make_zip, paragraph, table
from tests.index.sources.conftest import Written

SETTINGS = SourceSettings()
FACTS = (
    "<dc:title>The Mill</dc:title><dc:creator>Mira Holt; Ben Ode</dc:creator>"
    "<dcterms:created>2024-03-02T10:00:00Z</dcterms:created>"
)


def one(written: Written, data: bytes, settings: SourceSettings = SETTINGS) -> DraftPost:
    (draft,) = read(written("a-report.docx", data), settings)
    return draft


def test_headings_paragraphs_and_tables_are_read(written: Written) -> None:
    blocks = paragraph("Tolls", "Heading1"), paragraph("The council sets them."), table(("Grain", "Toll"), ("Rye", "7"))
    draft = one(written, make_docx(*blocks, properties=FACTS))
    assert draft.body.startswith("# Tolls\n\nThe council sets them.\n\n| Grain | Toll |")
    assert "| Rye | 7 |" in draft.body
    assert (draft.title, draft.authors, draft.published) == (
        "The Mill",
        ("Mira Holt", "Ben Ode"),
        "2024-03-02T10:00:00+00:00",
    )


@pytest.mark.parametrize(
    ("blocks", "title", "body"),
    [
        ((paragraph("A Title", "Title"), paragraph("Words.")), "A Title", "Words."),
        ((paragraph("Tolls", "Heading1"), paragraph("Words.")), "Tolls", "Words."),
        ((paragraph("Words."),), "a report", "Words."),
    ],
)
def test_a_document_without_a_stated_title_takes_the_one_it_shows(
    written: Written, blocks: tuple[str, ...], title: str, body: str
) -> None:
    draft = one(written, make_docx(*blocks, properties="<dc:title>Document1</dc:title>"))
    assert (draft.title, draft.body) == (title, body)


def test_facts_of_a_template_are_none(written: Written) -> None:
    facts = "<dc:creator>python-docx</dc:creator><dcterms:created>2013-12-23T23:15:00Z</dcterms:created>"
    draft = one(written, make_docx(paragraph("Words."), properties=facts))
    assert (draft.authors, draft.published) == ((), None)


def test_a_document_that_unfolds_too_far_is_refused(written: Written) -> None:
    with pytest.raises(SourceError, match=r"unfold to more than .*max_expansion"):
        one(written, make_docx(paragraph("x" * 30_000_000)))


def test_a_document_nested_too_deeply_is_refused(written: Written) -> None:
    nested = "<w:tbl><w:tr><w:tc>" * 3_000 + paragraph("deep") + "</w:tc></w:tr></w:tbl>" * 3_000
    with pytest.raises(SourceError, match=r"a broken DOCX|nested deeper"):
        one(written, make_docx(nested))


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04 no archive", make_zip({"a.txt": "x"}), make_zip({"word/document.xml": "<no"})]
)
def test_what_is_no_document_is_refused(written: Written, data: bytes) -> None:
    with pytest.raises(SourceError, match="a broken DOCX"):
        one(written, data)


def test_entities_that_multiply_are_refused(written: Written) -> None:
    bomb = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10 if n else 'x' * 100}'>" for n in range(9))
    with pytest.raises(SourceError, match="a broken DOCX"):
        one(written, make_zip({"word/document.xml": f"<!DOCTYPE x [{bomb}]><x>&a8;</x>"}))
