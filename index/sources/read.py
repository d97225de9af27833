"""Sources to posts: the whole of reading, as one generator."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from index.errors import SourceError
from index.records import Document, Post, SetAside
from index.settings import SourceSettings
from index.sources.decoding import clean, shown
from index.sources.discovery import find_documents
from index.sources.draft_post import Draft
from index.sources.fields import headline, iso_date, language_code, one_line
from index.sources.language import detected
from index.sources.links import web_address
from index.sources.parse_errors import aside
from index.sources.registry import READERS

Reading = Post | SetAside

_LONGEST_SLUG = 60
_DETECTED_ON = 2_000  # characters; more does not change the language found, only the time it takes


Detect = Callable[[str], str]


def read_posts(sources: Sequence[Path], settings: SourceSettings, detect: Detect | None = None) -> Iterator[Reading]:
    """Posts of the sources, document by document, and what was set aside with its reason.

    Repeated ids and duplicates come out as they are; the store settles them.

    Args:
        detect: Tells the language of a body's beginning; None means to look at it.

    Raises:
        CorpusError: A source does not exist.
    """
    derived: Counter[str] = Counter()  # over all documents: 2023/index.md and 2024/index.md are two posts
    for found in find_documents(sources):
        if isinstance(found, SetAside):
            yield found
        else:
            yield from _read(found, settings, derived, detect or detected)


def _read(document: Document, settings: SourceSettings, derived: Counter[str], detect: Detect) -> Iterator[Reading]:
    reader = READERS[document.path.suffix.lower()]
    items = 0
    try:
        for item in reader(document, settings):
            items += 1
            yield item if isinstance(item, SetAside) else _post(item, document, derived, detect)
    except SourceError as fault:
        yield SetAside(origin=shown(document.path), reason=str(fault))
        return
    if not items:
        yield aside(shown(document.path), "no post in it", remedy="Fill it, or take it out.")


def _post(draft: Draft, document: Document, derived: Counter[str], detect: Detect) -> Reading:
    """The one place where a draft's fields are brought to the form they are stored in."""
    origin = f"{shown(document.path)}{draft.place}"
    body = clean(draft.body).strip()
    if not body:
        return aside(origin, "no text", remedy="Fill it, or take it out.")
    title = headline(draft.title, document.path.stem)
    return Post(
        id=clean(draft.id or "").strip() or _derived_id(document, title, derived),
        title=title,
        body=body,
        authors=tuple(filter(None, map(one_line, draft.authors))),
        published=iso_date(draft.published),
        publisher=one_line(draft.publisher or "") or None,
        url=web_address(clean(draft.url or "").strip()),
        language=language_code(draft.language) or detect(body[:_DETECTED_ON]),
        origin=origin,
    )


def _derived_id(document: Document, title: str, derived: Counter[str]) -> str:
    """Readable, the same at every build, and different for each post of a document."""
    digest = hashlib.sha256(f"{document.name}\0{title}".encode()).hexdigest()
    base = f"{_slug(title)}-{digest[:8]}"
    derived[base] += 1
    return base if derived[base] == 1 else f"{base}-{derived[base]}"


def _slug(title: str) -> str:
    """The title's words in lower-case ASCII: "grusse-world" of "Grüße, World!"; "post" if there are none."""
    letters = unicodedata.normalize("NFKD", title.casefold())
    words = re.findall(r"[a-z0-9]+", re.sub(r"[\u0300-\u036f]", "", letters))
    return "-".join(words)[:_LONGEST_SLUG].strip("-") or "post"
