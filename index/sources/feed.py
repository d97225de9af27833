"""RSS and Atom feeds, and WordPress exports: each entry a post."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from html import unescape
from html.entities import html5
from typing import Any
from xml.parsers import expat

import feedparser

from index.errors import SourceError
from index.records import Document, NoDocument, NotPublished, SetAside
from index.settings import SourceSettings
from index.sources import blogger, wxr
from index.sources.authors import author_names
from index.sources.decoding import path_text, read_text
from index.sources.draft_post import DraftPost
from index.sources.fields import first_words, headline
from index.sources.html import html_to_line, html_to_text
from index.sources.parse_errors import parse_errors, set_aside

_DECLARED = re.compile(rb"""\A\s*<\?xml\b[^>]{0,200}encoding\s*=\s*["']([\w.-]{1,30})""")
_DECLARATION = re.compile(r"\A\s*<\?xml\b[^>]*\?>")
_SITEMAP = re.compile(rb"<(?:\w+:)?(?:urlset|sitemapindex)\b")
_TAG = re.compile(r"</?(?:p|div|br|ul|ol|li|a|h[1-6]|b|i|em|strong|span|img|blockquote)\b[^<>]*>", re.I)
_ESCAPED = re.compile(r"&(?:lt|gt|amp|quot|nbsp|#\d+);")
_CUT = re.compile(r"^[^()]*\([^()]*$|<[^@<>]*>$")
_SIGNATURE = re.compile(r"\n\s*The post .{1,300} (?:appeared first|first appeared) on .{1,200}\s*\Z")
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
        if _SITEMAP.search(data[:2_000]):
            raise SourceError(
                "a sitemap, which lists addresses of pages and holds no posts",
                where=where,
                remedy="Save its pages, or build from its address.",
            )
        raise SourceError("not an RSS or Atom feed", where=where, remedy=_REMEDY)
    feed = _Feed(parsed, data, where, settings)
    for number, entry in enumerate(parsed.entries, 1):
        place = f"#entry-{number}"
        try:
            with parse_errors(f"{where}{place}", what="entry cannot be read", remedy=_REMEDY):
                item = feed.item(entry, f"{where}{place}")
        except SourceError as error:
            item = set_aside(f"{where}{place}", error.what, seen=error.seen or None, remedy=error.remedy)
        yield item.model_copy(update={"place": place}) if isinstance(item, DraftPost) else item


def _refuse_bombs(data: bytes, where: str, settings: SourceSettings) -> None:
    """Check for entities and depth with expat alone, before feedparser reads the feed.

    After a syntax error any declaration counts, for feedparser may repair what expat stopped at. Depth is
    not checked from there on: the lenient parser that goes on does not recurse.
    """
    depth = 0

    def refuse_entity(name: str, is_parameter: object = True, value: str | None = None, *_: object) -> None:
        if value is not None and not is_parameter and f"{name};" in html5 and "&" not in value and len(value) < 9:
            return  # an HTML character under its own name, as old feeds declare "nbsp"
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


class _Feed:
    """A parsed feed, whose own author, language and title its entries take over."""

    def __init__(self, parsed: Any, data: bytes, where: str, settings: SourceSettings) -> None:
        self._settings = settings
        self._is_export = wxr.is_export(parsed.namespaces)
        self._display_names = wxr.display_names(data) if self._is_export else {}
        self._authors = () if self._is_export else self._names(parsed.feed)
        self._language = parsed.feed.get("language")
        self._publisher = self._line(parsed.feed, "title", where) or None

    def item(self, entry: Mapping[str, Any], where: str) -> DraftPost | SetAside:
        """The draft of an entry, unless it is an item of an export that is not published."""
        if self._is_export and not wxr.is_post(entry):
            return NoDocument(origin=where, reason=f"{entry['wp_post_type']} of a WordPress export")
        if (kind := blogger.kind(entry)) not in blogger.POSTS:
            return NoDocument(origin=where, reason=f"{kind} of a Blogger export")
        reason = wxr.why_not_published(entry) if self._is_export else blogger.why_not_published(entry)
        if reason and not self._settings.drafts:
            return NotPublished(origin=where, reason=reason)
        body = self._body(entry, where)
        return DraftPost(
            title=headline(self._line(entry, "title", where), first_words(body)),
            body=body,
            id=entry.get("id"),
            authors=self._names(entry) or self._authors,
            published=self._date(entry),
            publisher=self._publisher,
            url=entry.get("link"),
            language=next((part["language"] for part in entry.get("content", ()) if part.get("language")), None)
            or self._language,
            has_marks=True,
        )

    def _names(self, holder: Mapping[str, Any]) -> tuple[str, ...]:
        last = str(holder.get("author") or "")
        # feedparser cuts addresses under long top-level domains in the middle; `author` has the last one whole
        whole = [
            last if _CUT.search(name) or (mail and f"{mail}{name}" in last) else name
            for author in holder.get("authors", ())
            for name, mail in [(str(author.get("name") or ""), author.get("email"))]
        ]
        return author_names([self._display_names.get(name, name) for name in whole])

    @staticmethod
    def _date(entry: Mapping[str, Any]) -> str | None:
        written = str(entry.get("wp_post_date") or "")  # the day that readers of the blog see; no zone
        return (written if written[:4] > "0000" else None) or entry.get("published") or entry.get("updated")

    def _body(self, entry: Mapping[str, Any], where: str) -> str:
        """The fullest content there is; the summary only where there is none."""
        contents = [*entry.get("content", ()), entry.get("summary_detail") or {}]
        content = next((content for content in contents if (content.get("value") or "").strip()), {"value": ""})
        value = str(content["value"])
        if content.get("type") == "text/plain":
            return value
        if self._is_export:
            value = wxr.shown_html(value)
        elif not _TAG.search(value) and _TAG.search(unescape(value)):
            value = unescape(value)  # escaped twice
        return _SIGNATURE.sub("", html_to_text(value, where, self._settings))

    def _line(self, holder: Mapping[str, Any], key: str, where: str) -> str:
        detail = holder.get(f"{key}_detail") or {}
        value = str(detail.get("value") or "")
        line = value if detail.get("type") == "text/plain" else html_to_line(value, where, self._settings)
        return unescape(line) if _ESCAPED.search(line) and "<" not in unescape(line) else line
