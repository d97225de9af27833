"""Markdown with or without front matter; the body stays Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.records import Document, NotPublished
from index.settings import SourceSettings
from index.sources.author_keys import with_names
from index.sources.authors import author_names
from index.sources.dates import path_date
from index.sources.decoding import path_text, read_text
from index.sources.draft_post import DraftPost
from index.sources.fields import headline
from index.sources.front_matter import Fields, split_front_matter, split_properties
from index.sources.names import language_of, title_of
from index.sources.publication import why_not_published
from index.sources.titles import heading_title, stated_title

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"(?P<level>#{1,6}) +(?P<title>.*?)(?: +#+)? *(?:\{[:#.][^{}]*\} *)?")
_HTML_HEADING = re.compile(r"\s*<h1\b[^<>]*>\s*(?P<title>[^\n]*?)\s*</h1>", re.I)
_CONSTANT = re.compile(r"export (?:const|let|var) \w+ = [\"'`\d]")
_UNDERLINE = re.compile(r" {0,3}=+ *")
_INVISIBLE = re.compile(r"<!--.*?-->|\{%-?\s*(highlight|comment|raw)\b.*?\{%-?\s*end\1\s*-?%\}|<pre\b.*?</pre>", re.S)
_DATES = (
    "date published pubdate pubdatetime publishdate publishedat publisheddate datepublished publishedon "
    "publicationdate posted postedon postdate dateposted"
).split()
_CREATED = "created createdat createdtime createdon datecreated creationdate".split()
_CHANGED = (
    "lastmod updated modified updatedat updateddate lastmodified lastupdated lastupdate lasteditedtime lastedited "
    "moddatetime modifiedat datemodified dateupdated"
).split()
_AUTHORS = "authors author byline creator createdby authorname writer writtenby postedby".split()


def read(document: Document, settings: SourceSettings) -> Iterator[DraftPost | NotPublished]:
    """The one draft of a Markdown file, unless it is not published.

    Raises:
        SourceError: The file cannot be read as text.
    """
    yield markdown_post(*split_front_matter(read_text(document, settings)), document, settings)


def markdown_post(fields: Fields, body: str, document: Document, settings: SourceSettings) -> DraftPost | NotPublished:
    """The draft of a Markdown body with its front matter, or why it is not published."""
    title = stated_title(fields.first("title"))
    if title is None:
        title, body = _heading_and_rest(body)
        if not fields:
            fields, body = split_properties(body)
    reason = why_not_published(fields, document.name, settings.clock)
    if reason and not settings.drafts:
        return NotPublished(origin=path_text(document.path), reason=reason)
    return DraftPost(
        title=headline(title, title_of(document.path)),
        body=body,
        id=fields.first("id"),
        authors=with_names(author_names([*fields.values(*_AUTHORS)]), document),
        published=_published(fields, document.name),
        publisher=fields.first("publisher"),
        url=fields.first("canonicalurl", "url", "link"),
        language=fields.first("language", "lang", "locale") or language_of(document.path),
        is_markdown=True,
        is_mdx=document.path.suffix.lower() == ".mdx",
    )


def _published(fields: Fields, name: str) -> str | None:
    """The date stated, else that of the file's name or the page's address, else that of the last change."""
    places = (name, *fields.strings("path", "permalink", "slug", "url"))
    dates = (
        *fields.dates(*_DATES, *_CREATED),
        *map(path_date, places),
        *fields.dates(*_CHANGED),
    )
    return next(filter(None, dates), None)


def _heading_and_rest(body: str) -> tuple[str | None, str]:
    """The heading that is the title, and the body without it.

    The first of level one, else the one that opens the text if no other stands as high; not a "# " in code.
    """
    lines = body.split("\n")
    headings = list(_headings(lines))
    top = next((heading for heading in headings if heading[0] == 1), None)
    if top is None and headings:
        level, start, _, _ = headings[0]
        is_opening = not "".join(lines[:start]).strip() and all(other[0] > level for other in headings[1:])
        top = headings[0] if is_opening else None
    if top is None:
        html = _HTML_HEADING.match(body)
        return (heading_title(html["title"]), body[html.end() :]) if html else (None, body)
    _, start, end, title = top
    return heading_title(title, "\n".join(line for line in lines if _CONSTANT.match(line))), "\n".join(
        lines[:start] + lines[end:]
    )


def _headings(lines: list[str]) -> Iterator[tuple[int, int, int, str]]:
    """Level, first line, line behind, and words of each heading outside code and comments."""
    hidden = _INVISIBLE.sub(lambda match: re.sub(r"[^\n]", "\0", match[0]), "\n".join(lines)).split("\n")
    fence = ""
    for number, line in enumerate(hidden):
        if marker := _FENCE.match(line):
            fence = _fence_after(fence, marker[1])
        elif fence:
            continue
        elif (heading := _HEADING.fullmatch(line)) and heading["title"].strip():
            yield len(heading["level"]), number, number + 1, heading["title"]
        elif (
            _UNDERLINE.fullmatch(line)
            and number
            and hidden[number - 1].strip(" \0")
            and not "".join(hidden[number - 2 : number - 1]).strip()
        ):
            yield 1, number - 1, number + 1, hidden[number - 1].strip()


def _fence_after(fence: str, marker: str) -> str:
    """The fence that is open after a line with this marker: only one of the same kind, as long, closes it."""
    if not fence:
        return marker
    return "" if marker[0] == fence[0] and len(marker) >= len(fence) else fence
