"""Posts that were fetched, kept as JSON Lines: a post a line, which a build reads as any such file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import urljoin

from index.errors import FetchError
from index.files import write_file
from index.sources.draft_post import DraftPost

POSTS_FILE = "posts.jsonl"


def read_lines(folder: Path) -> dict[str, str]:
    """The lines kept so far, by the key of their post.

    Raises:
        FetchError: The file is damaged.
    """
    path = folder / POSTS_FILE
    with suppress(FileNotFoundError):
        try:
            return {json.loads(line)["key"]: line for line in path.read_text(encoding="utf-8").split("\n") if line}
        except (ValueError, KeyError, TypeError) as error:
            raise FetchError(
                "the posts kept of it cannot be read", where=path, seen=error, remedy="Remove it."
            ) from error
    return {}


def write_lines(folder: Path, posts: Mapping[str, str]) -> None:
    """Write all lines, in their order."""
    folder.mkdir(parents=True, exist_ok=True)
    write_file(folder / POSTS_FILE, "".join(f"{line}\n" for line in posts.values()).encode())


def keyed_lines(drafts: Iterator[DraftPost], page: str) -> dict[str, str]:
    """The lines of a page's posts by their keys, those without text left out.

    The key is the id; without one the post's own address in a feed, or that of the page. Several posts of a page with
    one key are numbered.
    """
    lines: dict[str, str] = {}
    for draft in drafts:
        if not draft.body.strip():
            continue
        address = urljoin(page, draft.url or "")
        key = base = draft.id or (address if draft.place and draft.url else f"{page}{draft.place}")
        number = 1
        while key in lines:
            number += 1
            key = f"{base}#{number}"
        lines[key] = _line(draft, key, address)
    return lines


def _line(draft: DraftPost, key: str, address: str) -> str:
    """A post as a line of JSON Lines; its key is for whoever follows, readers pass it over."""
    stated = {
        "key": key,
        "id": draft.id,
        "title": draft.title,
        "url": address,
        "authors": list(draft.authors),
        "published": draft.published,
        "publisher": draft.publisher,
        "language": draft.language,
        "markup": "markdown" if draft.is_markdown else "marks" if draft.has_marks else "",
        "link_share": draft.link_share,
        "text": draft.body,
    }
    return json.dumps({name: value for name, value in stated.items() if value}, ensure_ascii=False)
