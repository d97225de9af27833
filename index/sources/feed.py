"""RSS and Atom feeds: each entry a post."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any
from xml.parsers import expat

import feedparser

from index.errors import SourceError
from index.records import Document, SetAside
from index.settings import SourceSettings
from index.sources.decoding import path_text, read_text
from index.sources.draft_post import DraftPost
from index.sources.fields import first_words, headline
from index.sources.html import html_to_line, html_to_text
from index.sources.parse_errors import parse_errors, set_aside

_DECLARED = re.compile(rb"""\A\s*<\?xml\b[^>]{0,200}encoding\s*=\s*["']([\w.-]{1,30})""")
_DECLARATION = re.compile(r"\A\s*<\?xml\b[^>]*\?>")
_REMEDY = "Download the feed again, and open it in a browser to see whether it is one."


def read(document: Document, settings: SourceSettings) -> Iterator[DraftPost | SetAside]:
    """Drafts of a feed's entries; a bad entry is set aside and the next one read.

    Raises:
        SourceError: The file cannot be read as text, declares entities, is nested too deeply, or is no feed.
    """
    where = path_text(document.path)
    # The text has its encoding already; a declaration of another would only mislead the parsers.
    data = _DECLARATION.sub("", read_text(document, settings, _DECLARED)).encode()
    _refuse_bombs(data, where, settings)
    with parse_errors(where, what="feed cannot be parsed", remedy=_REMEDY):
        # A file object: given bytes, feedparser would first try to open a file of that name.
        parsed = feedparser.parse(io.BytesIO(data), response_headers={"content-type": "application/xml; charset=utf-8"})
    if not parsed.get("version") and not parsed.entries:
        raise SourceError("not an RSS or Atom feed", where=where, remedy=_REMEDY)
    publisher = _line(parsed.feed, "title", where, settings) or None
    language = parsed.feed.get("language")
    for number, entry in enumerate(parsed.entries, 1):
        place = f"#entry-{number}"
        try:
            with parse_errors(f"{where}{place}", what="entry cannot be read", remedy=_REMEDY):
                draft = _draft(entry, f"{where}{place}", settings)
        except SourceError as error:
            yield set_aside(f"{where}{place}", error.what, seen=error.seen or None, remedy=error.remedy)
        else:
            stated = {"publisher": publisher, "language": draft.language or language, "place": place}
            yield draft.model_copy(update=stated)


def _refuse_bombs(data: bytes, where: str, settings: SourceSettings) -> None:
    """Check for entities and depth with expat alone, before feedparser reads the feed.

    After a syntax error any declaration counts, for feedparser may repair what expat stopped at. Depth is
    not checked from there on: the lenient parser that goes on does not recurse.
    """
    depth = 0

    def refuse_entity(name: str, *_: object) -> None:
        raise SourceError(
            "declares entities, which can hold bombs or other files",
            where=where,
            seen=f"<!ENTITY {name}",
            remedy="Remove its DOCTYPE.",
        )

    def start(_name: str, _attributes: object) -> None:
        nonlocal depth
        depth += 1
        if depth > settings.max_html_depth:
            raise SourceError(f"XML nested deeper than {settings.max_html_depth}", where=where, remedy="Flatten it.")

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate("utf-8")
    parser.EntityDeclHandler = refuse_entity
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        if match := re.search(rb"<!ENTITY\s*[^\s>]*", data):
            refuse_entity(match[0].split()[-1].decode(errors="replace"))


def _draft(entry: Mapping[str, Any], where: str, settings: SourceSettings) -> DraftPost:
    body = _body(entry, where, settings)
    return DraftPost(
        title=headline(_line(entry, "title", where, settings), first_words(body)),
        body=body,
        id=entry.get("id"),
        authors=tuple(author["name"] for author in entry.get("authors", ()) if author.get("name")),
        published=entry.get("published") or entry.get("updated"),
        url=entry.get("link"),
        language=next((part["language"] for part in entry.get("content", ()) if part.get("language")), None),
    )


def _body(entry: Mapping[str, Any], where: str, settings: SourceSettings) -> str:
    """The fullest content there is; the summary only where there is none."""
    contents = [*entry.get("content", ()), entry.get("summary_detail") or {}]
    content = next((content for content in contents if (content.get("value") or "").strip()), {"value": ""})
    if content.get("type") == "text/plain":
        return str(content["value"])
    return html_to_text(content["value"], where, settings)


def _line(holder: Mapping[str, Any], key: str, where: str, settings: SourceSettings) -> str:
    detail = holder.get(f"{key}_detail") or {}
    value = str(detail.get("value") or "")
    return value if detail.get("type") == "text/plain" else html_to_line(value, where, settings)
