"""DOCX: what Word shows of a document, by way of HTML."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from xml.dom import DOMException
from xml.parsers.expat import ExpatError
from zipfile import ZipFile

from index.records import Document
from index.settings import SourceSettings
from index.sources.archive import ARCHIVE_ERRORS, open_archive, parsed_part
from index.sources.authors import author_names
from index.sources.dates import iso_date
from index.sources.decoding import path_text, read_bytes
from index.sources.draft_post import DraftPost
from index.sources.fields import headline, one_line
from index.sources.html import html_to_line, html_to_text
from index.sources.names import title_of
from index.sources.parse_errors import parse_errors

_STYLES = "p[style-name='Title'] => h1.title:fresh\np[style-name='Subtitle'] => p:fresh\ncomment-reference =>"
_TITLE = re.compile(r'<h1 class="title">(.*?)</h1>', re.S)
_HEADING = re.compile(r"\s*<h1>(.*?)</h1>", re.S)
_WAY_BACK = re.compile(r'<a href="#(?:foot|end)note-ref-[^"]*">[^<]*</a>')  # from a note to its mark
_NO_TITLE = re.compile(r"(?i)|untitled.*|(?:word )?document\s?\d*|.*\.(?:docx?|dotx?)|microsoft word.*")
_NO_AUTHOR = re.compile(r"(?i)python-docx|microsoft.*|user|admin\w*|author|unknown|anonymous|.*\buser")
_TEMPLATE_DATES = ("2013-12-23T23:15",)  # python-docx's own template, which its documents begin as
_REMEDY = "Save it again, or its text."


def read(document: Document, settings: SourceSettings) -> Iterator[DraftPost]:
    """The one draft of a document.

    Raises:
        SourceError: The file is too large, unfolds too far, is nested too deeply, or is no DOCX.
    """
    where, data = path_text(document.path), read_bytes(document, settings)
    # OSError is mammoth's own: all it reads is in memory.
    with parse_errors(where, *ARCHIVE_ERRORS, ExpatError, DOMException, OSError, what="a broken DOCX", remedy=_REMEDY):
        facts = _facts(open_archive(data, where, settings))
        page = _page(data)
    stated = one_line(facts.get("title", ""))
    usable = None if _NO_TITLE.fullmatch(stated) else stated
    shown, rest = _title_and_rest(page, where, settings)
    page = rest if usable in {None, shown} else page
    created = facts.get("created", "")
    yield DraftPost(
        title=headline(usable or shown, title_of(document.path)),
        body=html_to_text(page, where, settings),
        authors=tuple(name for name in author_names(facts.get("creator", "")) if not _NO_AUTHOR.fullmatch(name)),
        published=iso_date(facts.get("issued") or ("" if created.startswith(_TEMPLATE_DATES) else created)),
        language=facts.get("language"),
        has_marks=True,
    )


def _facts(archive: ZipFile) -> dict[str, str]:
    """The document's properties by their names."""
    with suppress(KeyError):  # a document may have none
        properties = parsed_part(archive, "docProps/core.xml")
        return {str(element.tag).rpartition("}")[2]: element.text or "" for element in properties}
    return {}


def _page(data: bytes) -> str:
    import mammoth  # noqa: PLC0415  # only DOCX should pay for it
    from mammoth.html import Element  # noqa: PLC0415

    def no_image(_image: Any) -> list[Element]:
        return []

    # A converter of images has to be a function on an image; this one never opens it.
    page = mammoth.convert_to_html(io.BytesIO(data), convert_image=no_image, style_map=_STYLES).value
    return _WAY_BACK.sub("", page)


def _title_and_rest(page: str, where: str, settings: SourceSettings) -> tuple[str | None, str]:
    """The paragraph in the style "Title", else a heading on top that is the only one of its level."""
    match = _TITLE.search(page)
    if match is None and page.count("<h1>") == 1:
        match = _HEADING.match(page)
    if match is None:
        return None, page
    return html_to_line(match[1], where, settings) or None, page[: match.start()] + page[match.end() :]
