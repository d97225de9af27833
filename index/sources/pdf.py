"""PDF: the text layer, with lines joined to paragraphs again."""

from __future__ import annotations

import io
import re
import struct
import time
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.errors import SourceError
from index.records import Document
from index.settings import SourceSettings
from index.sources.decoding import path_text, read_bytes
from index.sources.draft_post import DraftPost
from index.sources.fields import headline, one_line, split_names
from index.sources.parse_errors import parse_errors

if TYPE_CHECKING:
    from pypdf import Configuration, PdfReader

_LONGEST_TITLE = 120
_ALWAYS_ALLOWED = 2**20  # bytes that any compressed part may unfold to
# What programs write in place of a title: a file's name, or their own.
_NO_TITLE = re.compile(r"(?i)untitled.*|microsoft word - .*|.*\.(?:docx?|odt|pdf|tex|indd|pptx?|rtf|txt)")
_HYPHENATED = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010]$")
# A line this much shorter than the page's longest ends its paragraph (or is a heading).
_SHORT = 0.7


def read(document: Document, settings: SourceSettings) -> Iterator[DraftPost]:
    """The one draft of a PDF; pages are separated by blank lines.

    Raises:
        SourceError: The file is too large, encrypted, broken, too long, or has no text layer.
    """
    from pypdf import apply_configuration  # noqa: PLC0415  # only PDFs should pay for it
    from pypdf.errors import DependencyError, PyPdfError  # noqa: PLC0415  # only PDFs should pay for it

    where, data = path_text(document.path), read_bytes(document, settings)
    own = (PyPdfError, DependencyError, struct.error, zlib.error)
    limits = _limits(max(_ALWAYS_ALLOWED, settings.max_expansion * len(data)))
    with (
        apply_configuration(limits),
        parse_errors(where, *own, what="a broken PDF", remedy="Print it to a new PDF, or save its text."),
    ):
        pages, title, authors = _contents(data, where, settings)
    paragraphs = [paragraph for page in pages for paragraph in _paragraphs(page)]
    if not paragraphs:
        raise SourceError("a PDF without text", where=where, seen="only images", remedy="Run OCR on it.")
    if title is None and len(paragraphs) > 1 and len(paragraphs[0]) <= _LONGEST_TITLE:
        title = paragraphs.pop(0)
    yield DraftPost(title=headline(title, document.path.stem), body="\n\n".join(paragraphs), authors=authors)


def _contents(data: bytes, where: str, settings: SourceSettings) -> tuple[list[str], str | None, tuple[str, ...]]:
    """Text of each page, and title and authors as the metadata states them."""
    from pypdf import PdfReader  # noqa: PLC0415  # only PDFs should pay for it

    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted:
        raise SourceError("an encrypted PDF", where=where, remedy="Save it without a password.")
    if len(reader.pages) > settings.max_pdf_pages:
        raise SourceError(
            f"more than {settings.max_pdf_pages:,} pages",
            where=where,
            seen=f"{len(reader.pages):,}",
            remedy="Split it, or raise sources.max_pdf_pages.",
        )
    metadata = reader.metadata
    title, author = (metadata.title, metadata.author) if metadata else (None, None)
    return _pages(reader, where, settings), _usable_title(title), split_names(author)


def _pages(reader: PdfReader, where: str, settings: SourceSettings) -> list[str]:
    begun, pages = time.monotonic(), []
    for page in reader.pages:
        pages.append(page.extract_text())
        if time.monotonic() - begun > settings.max_pdf_seconds:
            raise SourceError(
                f"takes longer than {settings.max_pdf_seconds:g} seconds",
                where=where,
                seen=f"page {len(pages)} of {len(reader.pages)}",
                remedy="Split it, or raise sources.max_pdf_seconds.",
            )
    return pages


def _limits(size: int) -> Configuration:
    """Streams that unfold to more bytes are refused before they fill the memory."""
    from pypdf import get_configuration  # noqa: PLC0415  # only PDFs should pay for it

    kinds = ("zlib", "lzw", "run_length", "brotli", "array_based_stream")
    return get_configuration().with_overwrites(**{f"{kind}_maximum_output_length": size for kind in kinds})


def _usable_title(stated: str | None) -> str | None:
    title = one_line(stated or "")
    has_words = sum(character.isalpha() for character in title) >= 3
    return title if has_words and not _NO_TITLE.fullmatch(title) else None


def _paragraphs(page: str) -> list[str]:
    """Lines joined to paragraphs: a blank or a short line ends one, a word hyphenated at a line's end is joined."""
    lines = [" ".join(line.split()) for line in page.splitlines()]
    longest = max(map(len, lines), default=0)
    paragraphs, current = [], ""
    for line in lines:
        current = _joined(current, line)
        if not line or len(line) < _SHORT * longest:
            paragraphs.append(current)
            current = ""
    paragraphs.append(current)
    return [paragraph for paragraph in paragraphs if paragraph]


def _joined(before: str, line: str) -> str:
    if not before or not line:
        return before or line
    if _HYPHENATED.search(before) and line[0].islower():
        return before[:-1] + line
    return f"{before} {line}"
