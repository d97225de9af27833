"""Followed blogs: what was fetched of each lies as one JSON Lines file in the data folder, a post a line."""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from xml.etree import ElementTree

from pydantic import Field, ValidationError

from index.errors import FetchError, SourceError
from index.files import data_folder, write_file
from index.following.fetcher import Fetched, Fetcher, Validators
from index.records import Document, Record, SetAside
from index.settings import FetchSettings, SourceSettings
from index.sources.draft_post import DraftPost
from index.sources.registry import reader_for

POSTS_FILE = "posts.jsonl"
STATE_FILE = "followed.json"
_SITEMAP = re.compile(rb"<(?:\w+:)?(?P<kind>urlset|sitemapindex)\b")
_FEED = re.compile(rb"\A[^<]*(?:<[?!][^>]*>[^<]*)*<(?:\w+:)?(?:rss|feed|RDF)\b")
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)\b", re.I)
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


def follow(address: str, settings: FetchSettings | None = None, fetcher: Fetcher | None = None) -> FollowReport:
    """Fetch a feed, a page, or the pages of a sitemap, as far as they have changed, and keep their posts as a file.

    A post that the source no longer shows is kept: feeds show only their latest.

    Raises:
        FetchError: The address itself cannot be fetched or holds no post.
    """
    folder = folder_of(address)
    state = _read_state(folder, address)
    posts = _read_posts(folder)
    before = dict(posts)
    pages = dict(state.pages)
    faults: list[str] = []
    with fetcher or Fetcher(settings) as asking:
        for page, result in _pages(address, asking, pages, faults, 0):
            try:
                drafts = list(_drafts(result))
            except SourceError as error:
                if page == address:
                    raise FetchError("what was fetched cannot be read", where=page, seen=error) from error
                faults.append(f"{page}: {error}")
                continue
            keyed = {_key(draft, page): _line(draft, page) for draft in drafts if draft.body.strip()}
            posts |= keyed
            stated = result.validators
            pages[page] = PageState(etag=stated.etag, last_modified=stated.last_modified, posts=tuple(keyed))
    if not posts:
        raise FetchError("no post was found there", where=address, seen="; ".join(faults[:3]) or None)
    _write(folder, FollowState(address=address, pages=pages), posts)
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
    if _SITEMAP.search(result.content[:4_096]) is None:
        yield address, result
        return
    if depth == _DEEPEST_SITEMAP:
        raise FetchError("sitemaps name each other too deeply", where=address)
    for page in _named_pages(result)[: fetcher.settings.max_pages]:
        try:
            yield from _pages(page, fetcher, known, faults, depth + 1)
        except FetchError as error:
            faults.append(f"{page}: {error}")


def _named_pages(sitemap: Fetched) -> list[str]:
    """The addresses in a sitemap or an index of sitemaps (sitemaps.org protocol)."""
    content = sitemap.content or b""
    if _DOCTYPE.search(content):
        raise FetchError("the sitemap declares a document type, which can hold bombs", where=sitemap.address)
    try:
        root = ElementTree.fromstring(content)  # noqa: S314  # without a document type there are no entities to expand
    except ElementTree.ParseError as error:
        raise FetchError("the sitemap cannot be parsed", where=sitemap.address, seen=error) from error
    places = (element.text.strip() for element in root.iter() if element.tag.endswith("}loc") and element.text)
    return list(dict.fromkeys(places))


def _drafts(result: Fetched) -> Iterator[DraftPost]:
    """The posts in an answer, by the reader of its format."""
    content = result.content or b""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / f"page{_suffix(result)}"
        path.write_bytes(content)
        for item in reader_for(path.suffix)(Document(path=path, name=result.address), SourceSettings()):
            if not isinstance(item, SetAside):
                yield item


def _suffix(result: Fetched) -> str:
    head = (result.content or b"")[:4_096]
    if _FEED.match(head):
        return ".xml"
    kind = result.content_type.partition(";")[0].strip().lower()
    named = {"application/pdf": ".pdf", "text/markdown": ".md", "text/plain": ".txt"}
    return named.get(kind, ".html")


def _key(draft: DraftPost, page: str) -> str:
    return draft.id or draft.url or f"{page}{draft.place}"


def _line(draft: DraftPost, page: str) -> str:
    """A post as a line of JSON Lines; its key is for whoever follows, readers pass it over."""
    stated = {
        "key": _key(draft, page),
        "id": draft.id,
        "title": draft.title,
        "url": draft.url or page,
        "authors": list(draft.authors),
        "published": draft.published,
        "publisher": draft.publisher,
        "language": draft.language,
        "text": draft.body,
    }
    return json.dumps({name: value for name, value in stated.items() if value}, ensure_ascii=False)


def _read_state(folder: Path, address: str) -> FollowState:
    path = folder / STATE_FILE
    if not path.is_file():
        return FollowState(address=address)
    try:
        return FollowState.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise FetchError("what is known of it cannot be read", where=path, seen=error, remedy="Remove it.") from error


def _read_posts(folder: Path) -> dict[str, str]:
    """The lines kept so far, by the key of their post."""
    posts: dict[str, str] = {}
    with suppress(FileNotFoundError):
        for line in (folder / POSTS_FILE).read_text(encoding="utf-8").splitlines():
            posts[json.loads(line)["key"]] = line
    return posts


def _write(folder: Path, state: FollowState, posts: dict[str, str]) -> None:
    """The posts first: where it stops in between, the next time fetches again."""
    folder.mkdir(parents=True, exist_ok=True)
    write_file(folder / POSTS_FILE, "".join(f"{line}\n" for line in posts.values()).encode())
    write_file(folder / STATE_FILE, state.model_dump_json(indent=1).encode())
