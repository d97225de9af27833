"""Plain text: one post, or a bundle of them."""

from __future__ import annotations

from collections.abc import Iterator

from index.records import Document
from index.settings import SourceSettings
from index.sources.bundle import looks_like_bundle, split
from index.sources.decoding import read_text
from index.sources.draft_post import DraftPost
from index.sources.fields import headline
from index.sources.names import title_of
from index.text.plain_headings import is_title

_LONGEST_TITLE = 120


def read(document: Document, settings: SourceSettings) -> Iterator[DraftPost]:
    """Drafts of a text file: one for each post of a bundle, else one.

    The first line is the title if it is short and a blank line follows; else the file's name is. Where the line may be
    a statement of its own, it stays in the text as well.

    Raises:
        SourceError: The file cannot be read as text.
    """
    text = read_text(document, settings)
    if looks_like_bundle(text):
        yield from split(text)
        return
    title, body = _title_and_body(text)
    yield DraftPost(title=headline(title, title_of(document.path)), body=body)


def _title_and_body(text: str) -> tuple[str | None, str]:
    first, newline, rest = text.lstrip().partition("\n")
    stands_alone = rest.split("\n", 1)[0].strip() == "" and rest.strip() != ""
    if newline and stands_alone and len(first.strip()) <= _LONGEST_TITLE:
        return first, rest if is_title(first, rest) else text
    return None, text
