"""What a reader yields: a post before it has its id and language."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from index.records import Document, NonEmpty, Record, SetAside
from index.settings import SourceSettings


class DraftPost(Record):
    """A post as its format states it; what is None is not stated.

    Attributes:
        id: Only when the data gives one.
        is_markdown: The body is Markdown: what of it is visible, and its blocks, are as CommonMark has them.
        is_mdx: The Markdown is MDX.
        has_marks: The body is the text of a page or PDF, with marks of headings, tables and code, and no Markdown.
        link_share: Of a page, the share of its text that is the text of links, 0 to 1.
        place: Where in the document: "#L28", "#entry-3"; empty for a document of one post.
    """

    title: NonEmpty
    body: str
    id: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    publisher: str | None = None
    url: str | None = None
    language: str | None = None
    place: str = ""
    is_markdown: bool = False
    is_mdx: bool = False
    has_marks: bool = False
    link_share: float = 0.0


Reader = Callable[[Document, SourceSettings], Iterable[DraftPost | SetAside]]
"""Reads one document; a post that its owner has not published comes out as `NotPublished`, a kind of `SetAside`,
unless `settings.drafts`. Raises `SourceError` where the document cannot be read as a whole."""
