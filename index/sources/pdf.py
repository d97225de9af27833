"""PDF: the text layer in reading order, with lines joined to paragraphs again."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from index.errors import SourceError
from index.records import Document, SetAside
from index.settings import SourceSettings
from index.sources.authors import author_names
from index.sources.dates import iso_date
from index.sources.decoding import path_text, read_bytes
from index.sources.draft_post import DraftPost
from index.sources.fields import headline, one_line
from index.sources.names import title_of
from index.sources.parse_errors import parse_errors, set_aside
from index.sources.pdf_blocks import Kind, PdfBlock, joined, region_blocks
from index.sources.pdf_columns import in_reading_order
from index.sources.pdf_expansion import open_pdf
from index.sources.pdf_forms import with_form_values
from index.sources.pdf_lines import PageText, page_text
from index.sources.pdf_running import body_size, without_running_lines

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_PDFIUM = threading.Lock()  # PDFium is not safe to call from two threads
_LONGEST_TITLE = 120
# What programs write in place of a title: a file's name, or their own.
_NO_TITLE = re.compile(
    r"(?i)untitled.*|(?:microsoft )?(?:word|powerpoint|excel) - .*|.*\.(?:docx?|odt|pdf|tex|dvi|indd|pptx?|rtf|txt)"
    r"|(?:[a-z]:|file:)?[\\/].*|\(?(?:anonymous|unspecified|no title|title|document ?\d*|layout \d+|slide \d+)\)?"
)
_NO_AUTHOR = re.compile(r"(?i)\(?(?:anonymous|unspecified|unknown|admin\w*|user|root|owner|author|microsoft.*)\)?")
_ENDS_SENTENCE = re.compile(r"[.!?:;,…。！？][\"'”’»)\]]*$")
_COMPOUND = re.compile(r"[^\W\d_]+-[^\W\d_]+")
# When a paper or an issue was published; the day on which a program wrote the file says little of that.
_PUBLISHED = re.compile(rb"<prism:(?:publicationDate|coverDate)>\s*([^<]{4,40}?)\s*</prism:")


def read(document: Document, settings: SourceSettings) -> Iterator[DraftPost | SetAside]:
    """The one draft of a PDF, and which of its pages have no text that can be read.

    Raises:
        SourceError: The file is too large, encrypted, broken, too long, or has no text layer.
    """
    from pypdfium2 import PdfiumError  # noqa: PLC0415  # only PDFs should pay for it

    where, data = path_text(document.path), read_bytes(document, settings)
    with (
        parse_errors(where, PdfiumError, what="a broken PDF", remedy="Print it to a new PDF, or save its text."),
        _PDFIUM,
    ):
        pages, title, author = _contents(data, where, settings)
    missing = [number for number, page in enumerate(pages, 1) if not page.is_readable]
    if len(missing) == len(pages):
        seen = "letters without meaning" if any(page.lines for page in pages) else "only images"
        raise SourceError("a PDF without text", where=where, seen=seen, remedy="Run OCR on it.")
    blocks = _blocks([page for page in pages if page.is_readable])
    stated = _usable_title(title)
    shown, blocks = (stated, _without(blocks, stated)) if stated else _title_and_rest(blocks)
    yield DraftPost(
        title=headline(shown, title_of(document.path)),
        body=_body(blocks),
        authors=tuple(name for name in author_names(author) if not _NO_AUTHOR.fullmatch(name)),
        published=_stated_date(data),
        has_marks=True,
    )
    if missing:
        what = f"{len(missing)} of {len(pages)} pages are images without text"
        yield set_aside(f"{where}#page={missing[0]}", what, seen=_ranges(missing), remedy="Run OCR on it.")


def _contents(data: bytes, where: str, settings: SourceSettings) -> tuple[list[PageText], str, str]:
    """Text of each page, and title and author as the metadata states them."""
    with open_pdf(data, where, settings) as document:
        if len(document) > settings.max_pdf_pages:
            raise SourceError(
                f"more than {settings.max_pdf_pages:,} pages",
                where=where,
                seen=f"{len(document):,}",
                remedy="Split it, or raise sources.max_pdf_pages.",
            )
        if not len(document):
            raise ValueError("it has no page")
        document.init_forms()
        title, author = map(document.get_metadata_value, ("Title", "Author"))
        return list(_pages(document, where, settings)), title, author


def _pages(document: PdfDocument, where: str, settings: SourceSettings) -> Iterator[PageText]:
    begun = time.monotonic()
    for number in range(len(document)):
        page = document[number]
        text = page_text(page)
        yield replace(text, lines=with_form_values(page, document, text.lines))
        page.close()
        if time.monotonic() - begun > settings.max_pdf_seconds:
            raise SourceError(
                f"takes longer than {settings.max_pdf_seconds:g} seconds",
                where=where,
                seen=f"page {number + 1} of {len(document)}",
                remedy="Split it, or raise sources.max_pdf_seconds.",
            )


def _blocks(pages: list[PageText]) -> list[PdfBlock]:
    """All blocks in reading order; a paragraph goes on over the end of a column or a page."""
    pages = without_running_lines(pages)
    lines = [line for page in pages for line in page.lines]
    size = body_size(lines)
    compounds = frozenset(word.casefold() for line in lines for word in _COMPOUND.findall(line.text))
    blocks: list[PdfBlock] = []
    for region in (region for page in pages if page.lines for region in in_reading_order(page.lines)):
        for number, block in enumerate(region_blocks(region, size, compounds)):
            if number == 0 and blocks and blocks[-1].goes_on_in(block):
                blocks[-1] = replace(blocks[-1], text=joined(blocks[-1].text, block.text, compounds))
            else:
                blocks.append(block)
    return blocks


def _body(blocks: list[PdfBlock]) -> str:
    body, before = "", None
    for block in blocks:
        text = f"## {block.text}" if block.kind is Kind.HEADING else block.text
        between = "\n" if before is block.kind is Kind.ITEM else "\n\n"
        body, before = f"{body}{between}{text}" if body else text, block.kind
    return body


def _title_and_rest(blocks: list[PdfBlock]) -> tuple[str | None, list[PdfBlock]]:
    """The largest heading, else a short first line above other text."""
    largest = max((block.size for block in blocks if block.kind is Kind.HEADING), default=0.0)
    for at, block in enumerate(blocks):
        is_title = block.kind is Kind.HEADING and block.size > 0.95 * largest
        is_first_line = not largest and at == 0 and block.kind is Kind.TEXT and len(block.text) <= _LONGEST_TITLE
        if len(blocks) > 1 and (is_title or (is_first_line and not _ENDS_SENTENCE.search(block.text))):
            return block.text, blocks[:at] + blocks[at + 1 :]
    return None, blocks


def _without(blocks: list[PdfBlock], title: str) -> list[PdfBlock]:
    """The blocks without a first one that says the title again."""
    is_repeated = len(blocks) > 1 and one_line(blocks[0].text).casefold() == title.casefold()
    return blocks[1:] if is_repeated else blocks


def _usable_title(stated: str) -> str | None:
    title = one_line(stated)
    has_words = sum(character.isalpha() for character in title) >= 3 or any(letter > "\u2e80" for letter in title)
    return title if has_words and not _NO_TITLE.fullmatch(title) else None


def _stated_date(data: bytes) -> str | None:
    match = _PUBLISHED.search(data)
    return iso_date(match[1].decode("latin-1")) if match else None


def _ranges(numbers: list[int]) -> str:
    """Numbers in order as "2-6, 9"."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ", ".join(f"{first}" if first == last else f"{first}-{last}" for first, last in ranges)
