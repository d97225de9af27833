"""PDF: paragraphs out of lines; what has no text is refused with the reason."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import suppress

import pytest
from pypdf import PdfReader, PdfWriter

from index.errors import SourceError
from index.records import Document
from index.settings import SourceSettings
from index.sources.draft_post import DraftPost
from index.sources.pdf import read

Written = Callable[[str, str | bytes], Document]

SETTINGS = SourceSettings()
MakePdf = Callable[..., bytes]
LINES = [
    "The first line of a paragraph goes on and its impor-",
    "tance shows only in the second one.",
    "Next one.",
]


def one(written: Written, data: bytes, settings: SourceSettings = SETTINGS) -> DraftPost:
    (draft,) = read(written("a-paper.pdf", data), settings)
    return draft


def test_lines_are_joined_and_hyphens_mended_and_pages_parted(written: Written, pdf_of: MakePdf) -> None:
    draft = one(written, pdf_of(LINES, ["On page two."], title="A Paper", author="A B; C D"))
    assert draft.body == (
        "The first line of a paragraph goes on and its importance shows only in the second one.\n\n"
        "Next one.\n\nOn page two."
    )
    assert draft.title == "A Paper"
    assert draft.authors == ("A B", "C D")


@pytest.mark.parametrize("title", ["", "untitled", "Microsoft Word - draft", "paper-v2.docx", "12", "..."])
def test_a_title_that_says_nothing_gives_way_to_the_first_line(written: Written, pdf_of: MakePdf, title: str) -> None:
    draft = one(written, pdf_of(["A Heading", *LINES], title=title))
    assert draft.title == "A Heading"
    assert not draft.body.startswith("A Heading")


def test_a_single_line_is_the_body_and_the_files_name_the_title(written: Written, pdf_of: MakePdf) -> None:
    draft = one(written, pdf_of(["Only this."]))
    assert (draft.title, draft.body) == ("a-paper", "Only this.")


def test_a_pdf_of_images_only_is_refused(written: Written, pdf_of: MakePdf) -> None:
    with pytest.raises(SourceError, match=r"a PDF without text .*Run OCR"):
        one(written, pdf_of([], []))


def test_an_encrypted_pdf_is_refused(written: Written, pdf_of: MakePdf) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf_of(LINES))))
    writer.encrypt("secret", algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    with pytest.raises(SourceError, match=r"an encrypted PDF .*without a password"):
        one(written, buffer.getvalue())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7",
        b"not a pdf at all",
        b"%PDF-1.4\n" + b"\0" * 500,
        b"%PDF-1.4\ntrailer<</Root 1 0 R>>\n%%EOF",
    ],
)
def test_a_broken_pdf_is_refused(written: Written, data: bytes) -> None:
    with pytest.raises(SourceError, match=r"a broken PDF in .*a-paper\.pdf"):
        one(written, data)


def test_a_pdf_cut_or_damaged_anywhere_is_read_or_refused(written: Written, pdf_of: MakePdf) -> None:
    whole = pdf_of(LINES, LINES, title="A Paper")
    damaged = [whole[:at] for at in range(0, len(whole), 37)]
    damaged += [whole[:at] + b"<<[" + whole[at + 3 :] for at in range(0, len(whole), 37)]
    for data in damaged:
        with suppress(SourceError):
            one(written, data)


def test_a_pdf_over_the_cap_on_pages_is_refused(written: Written, pdf_of: MakePdf) -> None:
    with pytest.raises(SourceError, match=r"more than 1 pages .*seen: 2.*max_pdf_pages"):
        one(written, pdf_of(LINES, LINES), SourceSettings(max_pdf_pages=1))


@pytest.mark.slow
def test_a_pdf_that_unfolds_to_far_more_than_its_size_is_refused(written: Written, pdf_of: MakePdf) -> None:
    bomb = pdf_of(["x"], blanks=50_000_000)
    assert len(bomb) < 60_000
    with pytest.raises(SourceError, match=r"a broken PDF.*Limit"):
        one(written, bomb)
    assert one(written, bomb, SourceSettings(max_expansion=1_100)).body == "x"


def test_a_pdf_that_takes_too_long_is_refused_after_the_page_it_is_at(written: Written, pdf_of: MakePdf) -> None:
    with pytest.raises(SourceError, match=r"longer than 1e-09 seconds .*page 1 of 2.*max_pdf_seconds"):
        one(written, pdf_of(LINES, LINES), SourceSettings(max_pdf_seconds=1e-9))
