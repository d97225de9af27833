"""What the page offers to filter by."""

from __future__ import annotations

from dataclasses import dataclass

from index.reader import Index

_MOST = 1_000  # a longer list is no help in a page; programs can filter by anything


@dataclass(frozen=True)
class Choices:
    """Posts as title and id, authors and publishers by name, the commonest first."""

    posts: tuple[tuple[str, str], ...] = ()
    authors: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()


def choices(index: Index) -> Choices:
    """Those of an index."""
    return Choices(
        posts=tuple((post.title, post.id) for post in index.some_posts(0, _MOST)),
        authors=tuple(name for name, _ in index.names("author")[:_MOST]),
        publishers=tuple(name for name, _ in index.names("publisher")[:_MOST]),
    )
