"""EPUB: the chapters of a book in their order, as one post."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import unquote
from zipfile import ZipFile

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from index.errors import SourceError
from index.records import Document, SetAside
from index.settings import SourceSettings
from index.sources.archive import ARCHIVE_ERRORS, open_archive, parsed_part, part_bytes
from index.sources.dates import iso_date
from index.sources.decoding import decode, path_text, read_bytes
from index.sources.draft_post import DraftPost
from index.sources.fields import headline, one_line
from index.sources.html import html_to_text
from index.sources.names import title_of
from index.sources.parse_errors import parse_errors

_DC = "{http://purl.org/dc/elements/1.1/}"
_BODY = re.compile(r"<body\b[^>]*>(.*?)(?:</body\s*>|\Z)", re.S | re.I)
_CLOSES_ITSELF = re.compile(
    r"<(?!area|br|col|embed|hr|img|input|link|meta|source|track|wbr)(\w+)((?:\s[^<>]*)?)/>", re.I
)
_NO_PUBLICATION = {"modification", "creation"}
_REMEDY = "Save the book again, or its text."


def read(document: Document, settings: SourceSettings) -> Iterator[DraftPost | SetAside]:
    """The one draft of a book, and the chapters that cannot be read.

    Raises:
        SourceError: The file is too large, unfolds too far, or is no EPUB.
    """
    where, data = path_text(document.path), read_bytes(document, settings)
    with parse_errors(where, *ARCHIVE_ERRORS, what="a broken EPUB", remedy=_REMEDY):
        archive = open_archive(data, where, settings)
        package_name = _package_name(archive)
        package = parsed_part(archive, package_name)
        names = list(_chapters(package, package_name))
    chapters: list[str] = []
    for name in names:
        place = f"{where}#{name}"
        try:
            with parse_errors(place, *ARCHIVE_ERRORS, what="a broken chapter", remedy=_REMEDY):
                chapters.append(_chapter(archive, name, place, settings))
        except SourceError as error:
            yield SetAside(origin=place, reason=str(error))
    yield DraftPost(
        title=headline(next(_stated(package, "title"), None), title_of(document.path)),
        body="\n\n".join(filter(None, chapters)),
        authors=tuple(_stated(package, "creator")),
        published=_published(package),
        publisher=next(_stated(package, "publisher"), None),
        language=next(_stated(package, "language"), None),
        has_marks=True,
    )


def _package_name(archive: ZipFile) -> str:
    container = parsed_part(archive, "META-INF/container.xml")
    names = [element.get("full-path") for element in container.iter("{*}rootfile")]
    return str(next(filter(None, names), None) or "no package")


def _chapters(package: etree._Element, package_name: str) -> Iterator[str]:
    """Names of the parts that are read one after the other, without the table of contents."""
    items = {item.get("id"): item for item in package.iter("{*}item")}
    seen = set()
    for reference in package.iter("{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or "nav" in (item.get("properties") or "").split() or not item.get("href"):
            continue
        name = posixpath.normpath(posixpath.join(posixpath.dirname(package_name), unquote(item.get("href"))))
        if name not in seen:
            seen.add(name)
            yield name


def _chapter(archive: ZipFile, name: str, place: str, settings: SourceSettings) -> str:
    data = part_bytes(archive, name)
    page = decode(data, "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig", place)
    body = _BODY.search(page)
    return html_to_text(_CLOSES_ITSELF.sub(r"<\1\2></\1>", body[1] if body else page), place, settings)


def _stated(package: etree._Element, name: str) -> Iterator[str]:
    """What the metadata state under a name, without the contributors that are not the author."""
    for element in package.iter(f"{_DC}{name}"):
        role = element.get("{http://www.idpf.org/2007/opf}role")
        if (words := one_line("".join(element.itertext()))) and role in {None, "aut"}:
            yield words


def _published(package: etree._Element) -> str | None:
    dates = list(package.iter(f"{_DC}date"))
    events = [(date.get("{http://www.idpf.org/2007/opf}event") or "", date.text) for date in dates]
    stated = [iso_date(text) for event, text in sorted(events, reverse=True) if event not in _NO_PUBLICATION]
    return next(filter(None, stated), None)
