"""Sources to posts: all documents read, one after the other, as one generator."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

from index.errors import PluginError, SourceError
from index.records import Document, Empty, Post, SetAside
from index.settings import SourceSettings
from index.sources.dates import iso_date, path_date
from index.sources.decoding import clean, path_text
from index.sources.discovery import find_documents
from index.sources.draft_post import DraftPost
from index.sources.fields import headline, language_code, one_line
from index.sources.language import detect_language
from index.sources.links import web_address
from index.sources.names import title_of
from index.sources.parse_errors import set_aside
from index.sources.registry import reader_for
from index.text.markdown import markdown_structure
from index.text.marked_text import marked_structure
from index.text.structure import Structure, blocks_to_json
from index.visible import pieces_to_json

Detect = Callable[[str], str]

_LONGEST_SLUG = 60  # characters
_DETECTED_ON = 2_000  # characters; more does not change the language detected, only the time it takes


def read_posts(
    sources: Sequence[Path], settings: SourceSettings, detect: Detect = detect_language
) -> Iterator[Post | SetAside]:
    """Posts of the sources, document by document, and what was set aside with its reason.

    Repeated ids and duplicates come out as they are; the store merges them.

    Args:
        detect: Returns the language of a body's first 2,000 characters, for posts that state none.

    Raises:
        CorpusError: A source does not exist.
    """
    id_counts: Counter[str] = Counter()  # over all documents: 2023/index.md and 2024/index.md are two posts
    reader_of = cache(reader_for)  # installed packages are searched once for each suffix
    for document in find_documents(sources, settings.left_out):
        if isinstance(document, SetAside):
            yield document
            continue
        origin, is_empty = path_text(document.path), True
        try:
            for item in reader_of(document.path.suffix)(document, settings):
                is_empty = False
                yield item if isinstance(item, SetAside) else _post(item, document, id_counts, detect)
        except (SourceError, PluginError) as error:
            yield SetAside(origin=origin, reason=str(error))
        else:
            if is_empty:
                yield set_aside(origin, "no post in it", remedy="Add text to it, or remove it.", kind=Empty)


def start_of(post: Post) -> str:
    """As much of what a reader sees of a post as its language is detected on."""
    return post.visible.text[:_DETECTED_ON]


def _post(draft: DraftPost, document: Document, id_counts: Counter[str], detect: Detect) -> Post | SetAside:
    """The one place where a draft's fields are brought to the form they are stored in."""
    origin = f"{path_text(document.path)}{draft.place}"
    body = clean(draft.body).strip()
    if not body:
        return set_aside(origin, "no text", remedy="Add text to it, or remove it.", kind=Empty)
    title = headline(draft.title, title_of(document.path))
    structure = _structure(draft, body)
    if structure is not None and not structure.blocks:
        return set_aside(origin, "no text that its reader sees", remedy="Add text to it, or remove it.", kind=Empty)
    post = Post(
        id=clean(draft.id or "").strip() or _derived_id(document, title, id_counts),
        title=title,
        body=body,
        authors=tuple(filter(None, map(one_line, draft.authors))),
        published=iso_date(draft.published) or (None if draft.place else path_date(document.name)),
        publisher=one_line(draft.publisher or "") or None,
        url=web_address(clean(draft.url or "").strip()),
        language=language_code(draft.language) or "und",
        origin=origin,
        visible_pieces=pieces_to_json(structure.pieces) if structure else "",
        block_places=blocks_to_json(structure.blocks) if structure else "",
        link_share=round(structure.link_share if structure else draft.link_share, 3),
    )
    if post.language != "und":
        return post
    return post.model_copy(update={"language": detect(start_of(post))})


def _structure(draft: DraftPost, body: str) -> Structure | None:
    """What is visible of a body with marks, and its blocks; None of plain text, all of which is visible."""
    if draft.is_markdown:
        return markdown_structure(body, mdx=draft.is_mdx)
    return marked_structure(body, draft.link_share) if draft.has_marks else None


def _derived_id(document: Document, title: str, id_counts: Counter[str]) -> str:
    """Readable, the same at every build, and different for each post of a document."""
    digest = hashlib.sha256(f"{document.name}\0{title}".encode()).hexdigest()
    base = f"{_slug(title)}-{digest[:8]}"
    id_counts[base] += 1
    return base if id_counts[base] == 1 else f"{base}-{id_counts[base]}"


def _slug(title: str) -> str:
    """The title's words in lower-case ASCII: "grusse-world" of "Grüße, World!"; "post" if there are none."""
    letters = unicodedata.normalize("NFKD", title.casefold())
    words = re.findall(r"[a-z0-9]+", re.sub(r"[\u0300-\u036f]", "", letters))
    return "-".join(words)[:_LONGEST_SLUG].strip("-") or "post"
