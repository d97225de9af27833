"""EPUB: chapters in their order; within bounds."""

from __future__ import annotations

import zipfile

import pytest

from index.errors import SourceError
from index.records import SetAside
from index.settings import SourceSettings
from index.sources.draft_post import DraftPost
from index.sources.epub import read
from tests.archives import make_epub, make_zip
from tests.index.sources.conftest import Written

SETTINGS = SourceSettings()
FACTS = (
    "<dc:title>The Mill of Orveda</dc:title><dc:creator opf:role='aut'>Mira Holt</dc:creator>"
    "<dc:creator opf:role='ill'>Ben Ode</dc:creator><dc:language>en-GB</dc:language>"
    "<dc:publisher>Harbour Press</dc:publisher><dc:date opf:event='modification'>2025-01-01</dc:date>"
    "<dc:date opf:event='publication'>2024-03-02</dc:date>"
)


def one(written: Written, data: bytes, settings: SourceSettings = SETTINGS) -> DraftPost:
    (draft,) = read(written("a-book.epub", data), settings)
    assert isinstance(draft, DraftPost)
    return draft


def test_a_book_is_one_post_of_its_chapters_in_order(written: Written) -> None:
    chapters = "<h1>One</h1><p>The mill<a id='x'/> turns.</p>", "<h1>Two</h1><ul><li>rope</li><li>sack</li></ul>"
    draft = one(written, make_epub(*chapters, metadata=FACTS))
    assert draft.body == "# One\n\nThe mill turns.\n\n# Two\n\n- rope\n- sack"
    assert (draft.title, draft.authors, draft.published) == ("The Mill of Orveda", ("Mira Holt",), "2024-03-02")
    assert (draft.publisher, draft.language) == ("Harbour Press", "en-GB")


def test_a_book_without_facts_is_called_by_its_file(written: Written) -> None:
    draft = one(written, make_epub("<p>Words.</p>"))
    assert (draft.title, draft.authors, draft.published) == ("a book", (), None)


def test_a_chapter_nested_too_deeply_is_set_aside_and_the_rest_is_read(written: Written) -> None:
    book = make_epub("<p>Words.</p>", "<div>" * 600 + "deep" + "</div>" * 600)
    aside, draft = read(written("a.epub", book), SETTINGS)
    assert isinstance(aside, SetAside)
    assert aside.origin.endswith("a.epub#OPS/text/c 1.xhtml")
    assert "nested deeper" in aside.reason
    assert isinstance(draft, DraftPost)
    assert draft.body == "Words."


def test_a_book_that_unfolds_too_far_is_refused(written: Written) -> None:
    book = make_epub("x" * 30_000_000)
    with pytest.raises(SourceError, match=r"unfold to more than .*max_expansion"):
        one(written, book)


def test_a_book_of_too_many_parts_is_refused(written: Written) -> None:
    with pytest.raises(SourceError, match="more than 20,000 parts"):
        one(written, make_zip({f"{number}.png": b"" for number in range(20_001)}))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04 no archive",
        make_zip({"a.txt": "no book"}),
        make_zip({"META-INF/container.xml": "<rootfile/>"}),
        make_zip({"META-INF/container.xml": ""}),
    ],
)
def test_what_is_no_book_is_refused(written: Written, data: bytes) -> None:
    with pytest.raises(SourceError, match="a broken EPUB"):
        one(written, data)


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_book_whose_parts_are_damaged_is_refused_however_they_are_packed(written: Written, packing: int) -> None:
    whole = make_zip({"META-INF/container.xml": "<container/>"}, packing)
    begin = whole.index(b"container.xml") + len("container.xml")
    with pytest.raises(SourceError, match="a broken EPUB"):
        one(written, whole[:begin] + bytes(12) + whole[begin + 12 :])


def test_entities_of_a_package_are_not_unfolded(written: Written) -> None:
    doctype = '<!DOCTYPE package [<!ENTITY secret SYSTEM "file:///etc/hostname">]>'
    package = f"<?xml version='1.0'?>{doctype}<package><metadata xmlns:dc='http://purl.org/dc/elements/1.1/'>"
    package += "<dc:title>T&secret;</dc:title></metadata><manifest/><spine/></package>"
    container = "<container><rootfile full-path='p.opf'/></container>"
    draft = one(written, make_zip({"META-INF/container.xml": container, "p.opf": package}))
    assert draft.title == "T&secret;"
