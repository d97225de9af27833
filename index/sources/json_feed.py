"""JSON Feed (jsonfeed.org, versions 1 and 1.1): each item a post."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from index.errors import SourceError
from index.records import Document, NoDocument, SetAside
from index.settings import SourceSettings
from index.sources.authors import author_names
from index.sources.decoding import path_text, read_text
from index.sources.draft_post import DraftPost
from index.sources.fields import first_words, headline
from index.sources.html import html_to_text
from index.sources.parse_errors import parse_errors, set_aside

_REMEDY = "Download the feed again."


def read(document: Document, settings: SourceSettings) -> Iterator[DraftPost | SetAside]:
    """Drafts of a JSON Feed's items; a bad item is set aside. Any other JSON file is no document.

    Raises:
        SourceError: The file cannot be read as text.
    """
    where = path_text(document.path)
    try:
        feed = json.loads(read_text(document, settings), strict=False)
    except (ValueError, RecursionError):
        feed = None
    if not isinstance(feed, dict) or "jsonfeed.org" not in str(feed.get("version")):
        yield set_aside(where, "JSON that is no JSON Feed", remedy="Write posts as JSON Lines.", kind=NoDocument)
        return
    items = feed.get("items")
    for number, item in enumerate(items if isinstance(items, list) else [], 1):
        place = f"#entry-{number}"
        try:
            with parse_errors(f"{where}{place}", what="item cannot be read", remedy=_REMEDY):
                yield _draft(item, feed, f"{where}{place}", settings).model_copy(update={"place": place})
        except SourceError as error:
            yield set_aside(f"{where}{place}", error.what, seen=error.seen or None, remedy=error.remedy)


def _draft(item: Mapping[str, object], feed: Mapping[str, object], where: str, settings: SourceSettings) -> DraftPost:
    page = _string(item, "content_html")
    body = html_to_text(page, where, settings) if page else _string(item, "content_text", "summary") or ""
    return DraftPost(
        title=headline(_string(item, "title"), first_words(body)),
        body=body,
        id=_string(item, "id"),
        authors=_authors(item) or _authors(feed),
        published=_string(item, "date_published", "date_modified"),
        publisher=_string(feed, "title"),
        url=_string(item, "url", "external_url"),
        language=_string(item, "language") or _string(feed, "language"),
        has_marks=bool(page),
    )


def _authors(holder: Mapping[str, object]) -> tuple[str, ...]:
    """Names in either form: `authors` of version 1.1, `author` of version 1."""
    return author_names(holder.get("authors") or holder.get("author"))


def _string(holder: Mapping[str, object], *keys: str) -> str | None:
    values = (holder.get(key) for key in keys)
    return next((str(value) for value in values if isinstance(value, str | int) and str(value).strip()), None)
