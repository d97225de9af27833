"""Followed blogs: what was fetched of each lies as one JSON Lines file in the data folder, a post a line."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urljoin

from pydantic import Field, ValidationError

from index.errors import FetchError, SourceError
from index.files import data_folder, write_file
from index.following.fetcher import Fetched, Fetcher, Validators
from index.following.kept_posts import POSTS_FILE, keyed_lines, read_lines, write_lines
from index.following.sitemaps import is_sitemap, named_pages
from index.records import Document, NotPublished, Record, SetAside
from index.settings import FetchSettings, SourceSettings
from index.sources.draft_post import DraftPost
from index.sources.registry import reader_for

STATE_FILE = ".followed.json"  # hidden: a build passes it over
_FEED = re.compile(rb"\A[^<]*(?:<[?!][^>]*>[^<]*)*<(?:\w+:)?(?:rss|feed|RDF)\b")
_CHARSET = re.compile(r"charset\s*=\s*\"?([\w.:-]{1,30})", re.I)
_DEEPEST_SITEMAP = 3  # an index of sitemaps may name others


class PageState(Record):
    """What is known of an address that was fetched.

    Attributes:
        posts: Keys of the posts that came from it.
    """

    etag: str | None = None
    last_modified: str | None = None
    posts: tuple[str, ...] = ()


class FollowState(Record):
    """What is known of a followed address."""

    address: str
    pages: dict[str, PageState] = Field(default_factory=dict)


class FollowReport(Record):
    """What following an address brought.

    Attributes:
        folder: Where its posts lie; a build reads it as any folder.
        new, changed: Posts.
        kept: Posts as they were.
        faults: Addresses that could not be fetched or read, with the reason.
    """

    address: str
    folder: Path
    new: int
    changed: int
    kept: int
    faults: tuple[str, ...]


def followed() -> list[Path]:
    """The folders of all followed addresses."""
    return sorted(path.parent for path in (data_folder() / "followed").glob(f"*/{STATE_FILE}"))


def followed_address(folder: Path) -> str:
    """The address whose posts lie in a folder.

    Raises:
        FetchError: The folder's state cannot be read.
    """
    return _read_state(folder, "").address


def folder_of(address: str) -> Path:
    """Where an address's posts are kept."""
    name = re.sub(r"[^a-z0-9.]+", "-", address.lower().partition("://")[2])[:60].strip("-.")
    return data_folder() / "followed" / f"{name}-{hashlib.sha256(address.encode()).hexdigest()[:8]}"


def kept_folder(address: str) -> Path | None:
    """The folder of what was fetched of an address before; None where nothing was."""
    folder = folder_of(address)
    return folder if (folder / POSTS_FILE).is_file() else None


def follow(address: str, settings: FetchSettings | None = None, fetcher: Fetcher | None = None) -> FollowReport:
    """Fetch a feed, a page, or the pages of a sitemap, as far as they have changed, and keep their posts as a file.

    A post that the source no longer shows is kept: feeds show only their latest.

    Raises:
        FetchError: The address itself cannot be fetched or holds no post.
    """
    folder = folder_of(address)
    state = _read_state(folder, address)
    before = read_lines(folder)
    posts, pages = dict(before), dict(state.pages)
    faults: list[str] = []
    with fetcher or Fetcher(settings) as asking:
        for page, result in _pages(address, asking, pages, faults, 0):
            try:
                items = list(_items(result))
            except SourceError as error:
                if page == address:
                    raise FetchError("what was fetched cannot be read", where=page, seen=error) from error
                faults.append(f"{page}: {error}")
                continue
            unread = (item for item in items if isinstance(item, SetAside) and not isinstance(item, NotPublished))
            faults += [f"{page}: {item.reason}" for item in unread]
            keyed = keyed_lines((item for item in items if isinstance(item, DraftPost)), page)
            posts |= keyed
            stated = result.validators
            pages[page] = PageState(etag=stated.etag, last_modified=stated.last_modified, posts=tuple(keyed))
    if not posts:
        raise FetchError("no post was found there", where=address, seen="; ".join(faults[:3]) or None)
    write_lines(folder, posts)  # first: where it stops in between, the next time fetches again
    write_file(folder / STATE_FILE, FollowState(address=address, pages=pages).model_dump_json(indent=1).encode())
    changed = sum(key in before and before[key] != line for key, line in posts.items())
    new = len(posts.keys() - before.keys())
    kept = len(posts) - new - changed
    return FollowReport(address=address, folder=folder, new=new, changed=changed, kept=kept, faults=tuple(faults))


def _pages(
    address: str, fetcher: Fetcher, known: dict[str, PageState], faults: list[str], depth: int
) -> Iterator[tuple[str, Fetched]]:
    """Every page that has changed; of a sitemap those that it names. Faults of single pages are noted."""
    state = known.get(address, PageState())
    result = fetcher.get(address, Validators(state.etag, state.last_modified) if state.posts else None)
    if result.content is None:
        return
    if not is_sitemap(result.content):
        yield address, result
        return
    if depth == _DEEPEST_SITEMAP:
        raise FetchError("sitemaps name each other too deeply", where=address)
    named = named_pages(result.content, address)
    if len(named) > fetcher.settings.max_pages:
        faults.append(f"{address}: only the first {fetcher.settings.max_pages:,} of {len(named):,} pages are fetched")
    for page in (urljoin(address, name) for name in named[: fetcher.settings.max_pages]):
        try:
            yield from _pages(page, fetcher, known, faults, depth + 1)
        except FetchError as error:
            faults.append(f"{page}: {error}")


def _items(result: Fetched) -> Iterator[DraftPost | SetAside]:
    """The posts in an answer, by the reader of its format, and what of it cannot be read."""
    content = result.content or b""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / f"page{_suffix(result)}"
        path.write_bytes(_with_charset(content, result.content_type) if path.suffix == ".html" else content)
        yield from reader_for(path.suffix)(Document(path=path, name=result.address), SourceSettings())


def _suffix(result: Fetched) -> str:
    content = result.content or b""
    if _FEED.match(content[:4_096]):
        return ".xml"
    if content.lstrip()[:1] == b"{" and b"jsonfeed.org" in content[:4_096]:
        return ".json"
    kind = result.content_type.partition(";")[0].strip().lower()
    named = {"application/pdf": ".pdf", "text/markdown": ".md", "text/plain": ".txt"}
    return named.get(kind, ".html")


def _with_charset(content: bytes, content_type: str) -> bytes:
    """A page in the encoding that its server states, which a page itself need not name, as marked UTF-8."""
    stated = _CHARSET.search(content_type)
    with suppress(LookupError, UnicodeDecodeError):
        return content.decode(stated[1]).encode("utf-8-sig") if stated else content
    return content


def _read_state(folder: Path, address: str) -> FollowState:
    path = folder / STATE_FILE
    if not path.is_file():
        return FollowState(address=address)
    try:
        return FollowState.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise FetchError("what is known of it cannot be read", where=path, seen=error, remedy="Remove it.") from error
